from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

import waterspout

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(waterspout.__file__)))


def test_tornados_own_runner_passes():
    """``--httpclient=`` is how Tornado tests foreign clients; a log line is a failure to it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tornado.test.runtests",
         "--httpclient=waterspout.PooledHTTPClient", "tornado.test.httpclient_test"],
        env=dict(os.environ, PYTHONPATH=SOURCE),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output = process.communicate()[0].decode("utf-8", "replace")
    assert process.returncode == 0, output
    assert "\nOK" in output
