"""The time that threads get once a service has stopped."""

from __future__ import absolute_import, division, print_function

import subprocess
import sys

import pytest

# The thread that served ends as soon as main() has; so does `later`, after five times the patience.
PROGRAM = """
import sys, threading, time
from waterspout.service._processes import stop_watchdog
stop_watchdog.MIN_THREADS_TIMEOUT = stop_watchdog.MAX_THREADS_TIMEOUT = 0.2

hangs = sys.argv[1] == "hangs"
go_on = threading.Event()

def later():
    time.sleep(1.0)
    sys.stdout.write("done")

resort = stop_watchdog.LastResort()
threading.Thread(target=go_on.wait).start()
resort.stopped()
threading.Thread(target=later).start()
if not hangs:
    go_on.set()
"""


@pytest.mark.parametrize("what, code", [("ends", 0), ("hangs", 1)])
def test_only_threads_that_served_are_hurried(what, code):
    """What the program starts after serve() is its own, and Python waits for it as always."""
    program = subprocess.Popen([sys.executable, "-c", PROGRAM, what], stdout=subprocess.PIPE)
    output = program.communicate()[0]
    assert program.returncode == code
    assert code == 1 or output == b"done"
