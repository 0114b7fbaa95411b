"""Outbox: the bytes that a socket has not taken yet, and who waits until it has."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.concurrent import Future

from waterspout._compat import reject, resolve


class Outbox(object):
    """Unsent bytes of one connection, sent in their order.

    Made when a socket does not take all bytes at once, and dropped when it is empty.
    """

    __slots__ = ("_pieces", "_waiting")

    def __init__(self, data):
        # type: (Union[bytes, memoryview]) -> None
        self._pieces = collections.deque([data])
        self._waiting = []  # type: List[Future[None]]

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
        """Return a new Future that is done when the socket has taken all bytes.

        It has the error of `fail` if the connection ends before.
        """
        future = Future()  # type: Future[None]
        self._waiting.append(future)
        return future

    def emptied(self):
        # type: () -> None
        """Resolve what `drained` has returned."""
        for future in self._waiting:
            resolve(future, None)

    def fail(self, error):
        # type: (BaseException) -> None
        """Drop what is here; what `drained` has returned fails with ``error``."""
        self._pieces.clear()
        for future in self._waiting:
            if not future.done():
                reject(future, error)
                future.exception()  # Mark it retrieved: few programs wait for it.
