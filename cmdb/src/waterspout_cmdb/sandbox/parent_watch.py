"""Stop the sandbox when the program that started it has ended."""

from __future__ import absolute_import, division, print_function

import errno
import os
import signal
import threading


def stop_when_closed(fd):
    # type: (int) -> None
    """Send this process SIGTERM when ``fd`` is at its end.

    The read end of a pipe is at its end when the last process with the write end has ended, even
    after SIGKILL. A thread reads it, because an IOLoop cannot watch files or ``/dev/null``.
    """
    thread = threading.Thread(target=_wait_then_stop, args=(fd,), name="parent watch")
    thread.daemon = True
    thread.start()


def _wait_then_stop(fd):
    while _read(fd):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _read(fd):
    """Return the next bytes; empty at the end, or if ``fd`` is not open."""
    try:
        return os.read(fd, 4096)
    except EnvironmentError as error:
        return b"signal" if error.errno == errno.EINTR else b""  # py2: signals interrupt reads
