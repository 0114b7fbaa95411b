"""Standard input, output and error of a service, which may be closed or broken.

The reader of a pipe ends, a disk is full, a terminal is closed, or a descriptor was closed before
the program began. None of this is a reason to stop serving or to exit with another code. Text
that cannot be written is dropped, and no function here raises because of a stream.
"""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import sys

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import IO, Any, Optional  # noqa: F401


def fill_standard_descriptors():
    # type: () -> None
    """Open ``/dev/null`` for each of the descriptors 0, 1 and 2 that is closed.

    Otherwise the next socket or file would get that number: printed text would be sent to a
    client, and programs that the service starts would inherit it.
    """
    for fd in (0, 1, 2):
        try:
            os.fstat(fd)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # Gets the lowest free number: fd.
            flags = fcntl.fcntl(opened, fcntl.F_GETFD)
            fcntl.fcntl(opened, fcntl.F_SETFD, flags & ~fcntl.FD_CLOEXEC)


def flush_standard_streams():
    # type: () -> None
    """Write out the buffers of stdout and stderr, and drop what cannot be written.

    Text that stays in a buffer would be written again by each forked process, and would make
    Python 3 exit with code 120.
    """
    for stream in (sys.stdout, sys.stderr):
        if not _flush(stream):
            _drop(stream)


def announce(text, stream=None):
    # type: (str, Optional[IO[str]]) -> None
    """Print a line for the person who started the program. It raises nothing.

    Args:
        text (native str): characters that the stream's encoding lacks are escaped.
        stream (file or None): default: ``sys.stdout``.
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


def _flush(stream):
    # type: (Any) -> bool
    """Flush ``stream``; return False if its buffer could not be written."""
    try:
        stream.flush()
    except ValueError:  # It was closed, so its buffer is empty.
        return True
    except Exception:
        return stream is None
    return True


def _drop(stream):
    # type: (Any) -> None
    """Empty the buffer of ``stream`` into /dev/null, and restore its descriptor."""
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
