"""A monotonic clock for Python 2.7, whose standard library has none (``time.monotonic`` on 3)."""

from __future__ import absolute_import, division, print_function

import sys
import time

#: CLOCK_MONOTONIC, by the beginning of ``sys.platform``.
_CLOCK_IDS = {"linux": 1, "darwin": 6, "freebsd": 4, "sunos": 4}

#: The libraries with clock_gettime: the C library, or on older systems librt.
_LIBRARIES = (None, "librt.so.1", "librt.so")


def make_clock():
    # type: () -> Callable[[], float]
    """A function that returns monotonic seconds; `time.time` if there is no monotonic clock.

    Its value never decreases, and does not change when the system's clock is set.
    """
    clock_ids = [_CLOCK_IDS[name] for name in _CLOCK_IDS if sys.platform.startswith(name)]
    try:
        import ctypes
    except ImportError:  # Python was built without it.
        return time.time
    for library in _LIBRARIES:
        try:
            # PyDLL keeps the interpreter lock; releasing it costs more than the call itself.
            clock = _clock_of(ctypes, ctypes.PyDLL(library), clock_ids[0])
            clock()
        except (AttributeError, EnvironmentError, IndexError, OverflowError):
            continue
        return clock
    return time.time


def _clock_of(ctypes, library, clock_id):
    class Timespec(ctypes.Structure):
        _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]

    gettime, byref = library.clock_gettime, ctypes.byref

    def monotonic():
        # type: () -> float
        """Monotonic seconds, from an arbitrary start."""
        now = Timespec()
        if gettime(clock_id, byref(now)):
            raise EnvironmentError("clock_gettime failed")
        return now.seconds + now.nanoseconds * 1e-9

    return monotonic


monotonic = make_clock()
