"""A pipe between processes, for events and for noticing that a process has ended."""

from __future__ import absolute_import, division, print_function

import fcntl
import os

from waterspout._compat import TYPE_CHECKING, py2_close_on_exec

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


class Pipe(object):
    """A non-blocking pipe. Forked children inherit it; programs that are started do not.

    When the last process that holds the write end has ended, in any way, ``read_fd`` reads as
    ended. So a pipe can serve as a lifeline.
    """

    def __init__(self):
        self.read_fd, self.write_fd = os.pipe()  # type: Any, Any
        for fd in (self.read_fd, self.write_fd):
            py2_close_on_exec(fd)
            fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)

    def __repr__(self):
        return "<Pipe read_fd=%r write_fd=%r>" % (self.read_fd, self.write_fd)

    def read_available(self):
        # type: () -> bytes
        """Read and return all bytes that are available."""
        pieces = []
        try:
            while True:
                data = os.read(self.read_fd, 4096)
                if not data:
                    break
                pieces.append(data)
        except OSError:  # Nothing more to read now.
            pass
        return b"".join(pieces)

    def close_write(self):
        # type: () -> None
        """Close the write end in this process. Idempotent."""
        if self.write_fd is not None:
            os.close(self.write_fd)
            self.write_fd = None

    def close(self):
        # type: () -> None
        """Close both ends in this process. Idempotent."""
        self.close_write()
        if self.read_fd is not None:
            os.close(self.read_fd)
            self.read_fd = None
