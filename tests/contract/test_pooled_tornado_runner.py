from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

from test_pooled_tornado_tests import NOT_OURS, cases_of, names_in
from tornado.test import httpclient_test

import waterspout

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(waterspout.__file__)))


def test_tornados_own_runner_passes():
    """``--httpclient=`` is how Tornado tests foreign clients; a log line is a failure to it."""
    names = ["tornado.test.httpclient_test.%s.%s" % (name, test)
             for name, case in cases_of(httpclient_test)
             for test in names_in(case) if (name, test) not in NOT_OURS]
    process = subprocess.Popen(
        [sys.executable, "-m", "tornado.test.runtests",
         "--httpclient=waterspout.PooledHTTPClient"] + names,
        env=dict(os.environ, PYTHONPATH=SOURCE),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = process.communicate()[0].decode("utf-8", "replace")
    assert process.returncode == 0, output
    assert "\nOK" in output
