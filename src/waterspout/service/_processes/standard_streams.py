"""Standard input, output and error of a service: they may go, and the service stays.

The reader of a pipe leaves, a disk is full, a terminal is closed, a descriptor was closed before
the program began. None of this is a reason to stop serving, or for another exit code. So what
cannot be written is dropped here, and nothing in this module raises for a stream's sake.
"""

from __future__ import absolute_import, division, print_function

import fcntl
import logging
import os
import sys


def fill_standard_descriptors():
    # type: () -> None
    """Open ``/dev/null`` for each of the descriptors 0, 1 and 2 that is closed.

    Otherwise the next socket or file would get that number: what is printed would be sent to a
    client, and programs that we start would inherit it.
    """
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # It gets the lowest number that is free.
            flags = fcntl.fcntl(opened, fcntl.F_GETFD)
            fcntl.fcntl(opened, fcntl.F_SETFD, flags & ~fcntl.FD_CLOEXEC)


def flush_standard_streams():
    # type: () -> None
    """Write out what stdout and stderr hold back, and drop what cannot be written.

    What stayed in the buffer would be written once more by each forked process, and would make
    Python 3 exit with code 120.
    """
    for stream in (sys.stdout, sys.stderr):
        if not _flush(stream):
            _drop(stream)


def announce(text, stream=None):
    # type: (str, Optional[IO]) -> None
    """Print a line for the person who started the program, if that person can be reached.

    Args:
        text (native str): characters that the stream's encoding does not have are escaped.
        stream (file or None): where to; default: ``sys.stdout``.
    """
    stream = sys.stdout if stream is None else stream
    if stream is None:  # Closed when the program began.
        return
    try:
        try:
            stream.write(text + "\n")
        except UnicodeError:
            stream.write(text.encode("ascii", "backslashreplace").decode("ascii") + "\n")
    except Exception:
        pass
    if not _flush(stream):
        _drop(stream)


class SteadyHandler(logging.StreamHandler):
    """A StreamHandler that raises nothing.

    Python's own one raises ValueError out of the line that logs once ``sys.stderr`` was closed.
    """

    def handleError(self, record):  # noqa: N802
        try:
            super(SteadyHandler, self).handleError(record)
        except Exception:
            pass


class SteadyLogger(object):
    """A logger for what must go on, whatever the program's log handlers raise."""

    def __init__(self, name):
        # type: (str) -> None
        self._logger = logging.getLogger(name)

    def info(self, message, *args):
        self._log(logging.INFO, message, args)

    def warning(self, message, *args):
        self._log(logging.WARNING, message, args)

    def error(self, message, *args):
        self._log(logging.ERROR, message, args)

    def exception(self, message, *args):
        """As `error`, with the traceback of the exception that is being handled."""
        self._log(logging.ERROR, message, args, exc_info=True)

    def _log(self, level, message, args, **kwargs):
        try:
            self._logger.log(level, message, *args, **kwargs)
        except Exception:
            pass


def _flush(stream):
    # type: (Any) -> bool
    """Whether ``stream`` holds nothing back any more."""
    try:
        stream.flush()
    except ValueError:  # It was closed, and holds nothing.
        return True
    except Exception:
        return stream is None
    return True


def _drop(stream):
    """Have what ``stream`` holds back written to /dev/null; the descriptor is then as before."""
    try:
        fd = stream.fileno()
        kept = os.dup(fd)
    except Exception:
        return
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, fd)
            _flush(stream)
        finally:
            os.dup2(kept, fd)
            os.close(null)
    except Exception:
        pass
    finally:
        os.close(kept)
