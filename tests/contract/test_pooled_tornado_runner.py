from __future__ import absolute_import, division, print_function

from test_pooled_tornado_tests import NOT_OURS
from tornado.test import httpclient_test
from tornado_cases import cases_of, names_in, run_tornados_runner


def test_tornados_own_runner_passes():
    """``--httpclient=`` is how Tornado tests foreign clients; a log line is a failure to it."""
    names = ["tornado.test.httpclient_test.%s.%s" % (name, test)
             for name, case in cases_of(httpclient_test)
             for test in names_in(case) if (name, test) not in NOT_OURS]
    code, output = run_tornados_runner("--httpclient=waterspout.PooledHTTPClient", names)
    assert code == 0, output
    assert "\nOK" in output
