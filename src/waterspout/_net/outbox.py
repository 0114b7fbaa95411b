"""Outbox: the bytes that a socket has not taken yet, and who waits until it has."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.concurrent import Future

from waterspout._compat import reject, resolve


class Outbox(object):
    """Unsent bytes of one connection, sent in their order.

    Made when a socket does not take all bytes at once, and dropped when it is empty.
    """

    __slots__ = ("_pieces", "_drained")

    def __init__(self, data):
        # type: (Union[bytes, memoryview]) -> None
        self._pieces = collections.deque([data])
        self._drained = None  # type: Optional[Future[None]]  # Once it is asked for.

    def add(self, data):
        # type: (Union[bytes, memoryview]) -> None
        """Send ``data``, which is not empty, after all that is here already."""
        self._pieces.append(data)

    def flush(self, stream):
        # type: (PlainStream) -> Tuple[bool, bool]
        """Send what the socket takes now.

        Returns: whether all was sent, and whether some was.
        Raises: socket.error.
        """
        pieces = self._pieces
        progress = False
        while pieces:
            data = pieces[0]
            taken = stream.send(data)
            if taken:
                progress = True
            if taken < len(data):
                if taken:
                    pieces[0] = memoryview(data)[taken:]
                return False, progress
            pieces.popleft()
        return True, progress

    def unsent(self):
        # type: () -> List[bytes]
        """Return what is here, in its order."""
        return [memoryview(piece).tobytes() for piece in self._pieces]

    def drained(self):
        # type: () -> Future[None]
        """Return a Future that is done when the socket has taken all bytes.

        It has the error of `fail` if the connection ends before.
        """
        if self._drained is None:
            self._drained = Future()
        return self._drained

    def emptied(self):
        # type: () -> None
        """Resolve `drained`."""
        if self._drained is not None:
            resolve(self._drained, None)

    def fail(self, error):
        # type: (BaseException) -> None
        """Drop what is here; `drained` fails with ``error``."""
        self._pieces.clear()
        if self._drained is not None:
            reject(self._drained, error)
            self._drained.exception()  # Mark it retrieved: few programs wait for it.
