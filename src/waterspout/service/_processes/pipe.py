"""Pipes by which processes tell each other of events, and of their own end."""

from __future__ import absolute_import, division, print_function

import fcntl
import os

from waterspout._compat import py2_close_on_exec


class Pipe(object):
    """A non-blocking pipe that programs started by us do not inherit; forked children do.

    When the last process that holds the write end is gone, however it went, ``read_fd`` reads
    as ended: that is what makes a pipe a lifeline.
    """

    def __init__(self):
        self.read_fd, self.write_fd = os.pipe()
        for fd in (self.read_fd, self.write_fd):
            py2_close_on_exec(fd)
            fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK)

    def __repr__(self):
        return "<Pipe read_fd=%r write_fd=%r>" % (self.read_fd, self.write_fd)

    def drain(self):
        # type: () -> int
        """Read all there is; returns how many bytes that was."""
        count = 0
        try:
            while True:
                data = os.read(self.read_fd, 4096)
                if not data:
                    return count
                count += len(data)
        except OSError:  # nothing more to read now
            return count

    def close_write(self):
        # type: () -> None
        if self.write_fd is not None:
            os.close(self.write_fd)
            self.write_fd = None

    def close(self):
        # type: () -> None
        self.close_write()
        if self.read_fd is not None:
            os.close(self.read_fd)
            self.read_fd = None
