from __future__ import absolute_import, division, print_function

import tornado
from test_server_tornado_tests import MODULES, NOT_OURS, SERVER
from tornado.testing import AsyncHTTPSTestCase
from tornado_cases import cases_of, names_in, run_tornados_runner


def test_tornados_own_runner_passes():
    """``--httpserver=`` is how Tornado tests foreign servers; a log line is a failure to it."""
    names = ["%s.%s.%s" % (module.__name__, name, test)
             for module in MODULES
             for name, case in cases_of(module) if can_run(case)
             for test in names_in(case) if (name, test) not in NOT_OURS]
    code, output = run_tornados_runner("--httpserver=" + SERVER, names)
    assert code == 0, output
    assert "\nOK" in output


def can_run(case):
    """OpenSSL 3 refuses the certificate that Tornado 5.1 brings; here it cannot be replaced."""
    return tornado.version_info >= (6,) or not issubclass(case, AsyncHTTPSTestCase)
