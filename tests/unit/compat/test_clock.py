"""The clock of Python 2.7, by ctypes; on Python 3 it is tried out against the standard one."""

from __future__ import absolute_import, division, print_function

import sys
import time

import pytest

from waterspout import _compat
from waterspout._compat import clock as clock_module


def test_clock_does_not_follow_the_system_clock(monkeypatch):
    """Setting the system's clock changes neither what was measured nor what is due."""
    clock = clock_module.make_clock()
    before = clock()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert before <= clock() < before + 60


@pytest.mark.skipif(sys.version_info < (3,), reason="there is nothing to compare it with")
def test_clock_reads_what_the_standard_one_reads():
    """Seconds with their fraction, of one and the same clock."""
    before = time.monotonic()
    assert before <= clock_module.make_clock()() <= time.monotonic()


def test_clock_has_a_fraction_of_a_millisecond():
    """Times of an exchange are told in milliseconds."""
    clock = clock_module.make_clock()
    steps = []
    for _ in range(100):  # Between two readings other programs may run: the shortest step counts.
        now = later = clock()
        while later == now:
            later = clock()
        steps.append(later - now)
    assert min(steps) < 0.001


@pytest.mark.parametrize("missing", ["ctypes", "system", "library"])
def test_a_system_without_a_monotonic_clock_gets_time_time(missing, monkeypatch):
    """No ctypes, an unknown system, or a library that cannot be loaded."""
    import ctypes

    def refused(library):
        raise OSError("no library")

    if missing == "ctypes":
        monkeypatch.setitem(sys.modules, "ctypes", None)
    elif missing == "system":
        monkeypatch.setattr(sys, "platform", "plan9")
    else:
        monkeypatch.setattr(ctypes, "PyDLL", refused)
    assert clock_module.make_clock() is time.time


def test_the_library_uses_the_clock_on_2_7():
    """On Python 2.7; 3 has its own."""
    assert _compat.monotonic is (clock_module.monotonic if _compat.PY2 else time.monotonic)
    if sys.platform.startswith("linux"):
        assert _compat.monotonic is not time.time
