"""Stopping when the program that started us is gone."""

from __future__ import absolute_import, division, print_function

import errno
import os
import signal
import threading


def stop_when_closed(fd):
    # type: (int) -> None
    """Send this process SIGTERM once ``fd`` has nothing more to read.

    The read end of a pipe ends with the last process that could write to it, however that went.
    It is watched in a thread, because an IOLoop takes pipes but not files or ``/dev/null``.
    """
    thread = threading.Thread(target=_wait_then_stop, args=(fd,), name="lifeline")
    thread.daemon = True
    thread.start()


def _wait_then_stop(fd):
    while _read(fd):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _read(fd):
    """What comes next; nothing at the end, or if there is no such fd at all."""
    try:
        return os.read(fd, 4096)
    except EnvironmentError as error:
        return b"signal" if error.errno == errno.EINTR else b""  # py2: signals interrupt reads
