"""How long threads may run once a service has stopped."""

from __future__ import absolute_import, division, print_function

import subprocess
import sys

import pytest

# The first thread was started while serving, `later` after it. It takes longer than the limit.
PROGRAM = """
import sys, threading, time
from waterspout.service._processes import stop_watchdog
stop_watchdog.MIN_THREADS_TIMEOUT = stop_watchdog.MAX_THREADS_TIMEOUT = 1.0

hangs = sys.argv[1] == "hangs"
go_on = threading.Event()

def later():
    time.sleep(1.6)
    sys.stdout.write("done")

watchdog = stop_watchdog.StopWatchdog()
threading.Thread(target=go_on.wait).start()
watchdog.stopped()
threading.Thread(target=later).start()
if not hangs:
    go_on.set()
"""


@pytest.mark.parametrize("what, code", [("ends", 0), ("hangs", 1)])
def test_time_limit_applies_only_to_threads_started_while_serving(what, code):
    """Python waits as always for threads that the program starts after serve()."""
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, what], stdout=subprocess.PIPE)
    output = program.communicate()[0]
    assert program.returncode == code
    assert code == 1 or output == b"done"
