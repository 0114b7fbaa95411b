"""Stopping in a process of its own: a signal wakes a loop that waits."""

from __future__ import absolute_import, division, print_function

import signal

import pytest
from programs import Program

#: Waits, with nothing to do, until it is asked to stop.
PROGRAM = """
from __future__ import print_function
import warnings
from tornado.concurrent import Future
from tornado.ioloop import IOLoop
from waterspout_cmdb.commands.stopping import Stopping

HOW = "%s"
loop, asked = IOLoop.current(), Future()
warnings.simplefilter("error", DeprecationWarning)

def stop():
    print("asked")
    if HOW == "stops":
        asked.set_result(None)

with Stopping(loop, stop, lambda: print("ended at once"), 9):
    loop.call_later(0, print, "ready")
    loop.run_sync(lambda: asked)
print("ended")
"""


def program(how):
    return Program(["-c", PROGRAM % how])


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_wakes_the_loop(signum):
    """Without a warning, which is an error here."""
    with program("stops") as waits:
        waits.search("ready")
        waits.signal(signum)
        assert (waits.wait(), waits.output, waits.errors) == (0, "ready\nasked\nended\n", "")


def test_the_second_signal_ends_the_process():
    with program("goes on") as waits:
        waits.search("ready")
        waits.signal(signal.SIGINT)
        waits.search("asked")
        waits.signal(signal.SIGINT)
        assert (waits.wait(), waits.output) == (9, "ready\nasked\nended at once\n")
