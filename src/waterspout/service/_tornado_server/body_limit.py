"""Enforces the limit of a request body's length, and lets a client read the refusal.

A server that answers 413 and closes while the client is still sending makes the kernel reset the
connection, and the client may never read the response. So a body that is a little too long is
read and dropped, and answered then.
"""

from __future__ import absolute_import, division, print_function

#: Bytes beyond the limit that are read and dropped, so that a client which sends everything
#: before it reads gets its 413. Beyond them, the 413 is sent at once and the connection closed.
#: Reading 32 MiB takes well under a second; nginx lingers for up to 30 s.
LINGER_BYTES = 32 * 1024 * 1024


class LimitedBody(object):
    """Collects a request body up to a limit.

    Args:
        max_bytes (int): the longest body that is accepted.
    Attributes:
        too_long (bool): the body was longer; `take` returns nothing of it.
        far_too_long (bool): longer by more than ``LINGER_BYTES``: answer and close now.
    """

    def __init__(self, max_bytes):
        # type: (int) -> None
        self._max_bytes = max_bytes
        self._data = bytearray()
        self._received_bytes = 0
        self.too_long = self.far_too_long = False

    def __repr__(self):
        return "<LimitedBody %d of %d bytes>" % (self._received_bytes, self._max_bytes)

    def refuses_length(self, content_length, client_waits):
        # type: (int, bool) -> bool
        """Return whether a body of this Content-Length is refused before it is read.

        Args:
            client_waits: the client waits for ``100 Continue`` and has sent nothing yet.
        """
        excess = content_length - self._max_bytes
        return excess > LINGER_BYTES or (excess > 0 and client_waits)

    def add(self, chunk):
        # type: (bytes) -> None
        """Keep a piece of the body, or drop it all once it is too long."""
        self._received_bytes += len(chunk)
        excess = self._received_bytes - self._max_bytes
        if excess <= 0:
            self._data += chunk
        else:
            self.too_long = True
            self.far_too_long = excess > LINGER_BYTES
            self.drop()

    def drop(self):
        # type: () -> None
        """Forget what was received."""
        self._data = bytearray()

    def take(self):
        # type: () -> bytes
        """Return the body."""
        return bytes(self._data)
