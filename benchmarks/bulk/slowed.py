"""Processes that run for a part of the time only, as on slower machines of their own."""

from __future__ import absolute_import, division, print_function

import contextlib
import os
import signal
import threading

#: Seconds in which a process runs for its part, and is stopped for the rest.
_PERIOD = 0.05


@contextlib.contextmanager
def slowed(pids, share):
    # type: (list[int], float) -> Iterator[None]
    """Have each of these processes run for ``share`` of the time while the block takes.

    They take turns as far as that is possible, so that no two of them want one core at once.
    """
    done = threading.Event()
    threads = [
        threading.Thread(target=_slow, args=(pid, share, _PERIOD * number / len(pids), done))
        for number, pid in enumerate(pids)] if share < 1 else []
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def _slow(pid, share, start, done):
    # type: (int, float, float, threading.Event) -> None
    done.wait(start)
    while not done.is_set():
        if not _send(pid, signal.SIGSTOP):
            return
        done.wait(_PERIOD * (1 - share))
        if not _send(pid, signal.SIGCONT):
            return
        done.wait(_PERIOD * share)


def _send(pid, number):
    # type: (int, int) -> bool
    try:
        os.kill(pid, number)
    except OSError:  # It has ended.
        return False
    return True
