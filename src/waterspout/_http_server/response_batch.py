"""ResponseBatch: responses of one iteration of the IOLoop, sent one right after the other."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import detached

#: Requests under way from which on responses are collected. With fewer a client would wait for
#: nothing: there would be no other response in the iteration.
MANY = 16

#: Bytes of a response, at most. Larger ones would push each other out of the processor's cache.
LARGEST = 16 * 1024


class ResponseBatch(object):
    """Connections whose outbox is flushed at the end of the iteration.

    Sending to a client on the same machine that sleeps, such as a proxy, wakes it up, which costs a
    tenth of a request. If responses leave in a row, only the first one wakes it.
    `waterspout._net.send_batch` does the same for requests.
    """

    __slots__ = ("_io_loop", "_connections")

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self._io_loop = io_loop
        self._connections = []  # type: List[HTTPServerConnection]

    def add(self, connection):
        # type: (HTTPServerConnection) -> None
        """Call ``connection.flush()`` at the end of the iteration."""
        if not self._connections:
            detached(self._io_loop.add_callback, self._flush)
        self._connections.append(connection)

    def _flush(self):
        connections, self._connections = self._connections, []
        for connection in connections:
            connection.flush()
