"""A host that answers no SYN."""

from __future__ import absolute_import, division, print_function

import socket


class BlackHole(object):
    """Listens on the loopback interface and accepts no connection: its queue stays full.

    Attributes: address (host, port).
    """

    def __init__(self):
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        self.address = listener.getsockname()
        self._sockets = [listener]
        for _ in range(4):  # Linux queues one more than it was told, and drops what comes after.
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(self.address)
            self._sockets.append(filler)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        for each in self._sockets:
            each.close()
