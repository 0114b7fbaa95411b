"""One connection of a client, on a bare socket, which knows what became of each request."""

from __future__ import absolute_import, division, print_function

import asyncio
import collections
import socket

from benchmarks.soak import outcomes

#: ``close``: the server has said that it closes the connection.
Answer = collections.namedtuple("Answer", "status headers body close")

#: How the bytes travel: pieces that the request is cut into, bytes of one read, the pause between
#: two of either in seconds, and the receive buffer in bytes or None.
Pace = collections.namedtuple("Pace", "pieces read_bytes pause buffer")

FAST = Pace(1, 1 << 18, 0.0, None)

#: The longest head of an answer.
_HEAD_BYTES = 1 << 16


class Failure(Exception):
    """A request that was not answered. ``kind`` is one of `outcomes.FAILURES`."""

    def __init__(self, kind, detail):
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


class Connection:
    """
    Attributes:
        port (int): ours, by which ``/proc`` knows the connection.
        busy (bool): a request is under way.
        doomed (bool): the worker that holds it was killed.
    """

    def __init__(self, address, pace):
        self._address = address
        self._pace = pace
        self._socket = socket.socket()
        self._socket.setblocking(False)
        self._received = b""
        self.port = None
        self.busy = False
        self.doomed = False

    async def open(self):
        """Raises Failure: nothing listens, or the listen queue is full for long."""
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._pace.buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._pace.buffer)
        try:
            await asyncio.get_running_loop().sock_connect(self._socket, self._address)
        except OSError as error:
            raise Failure(outcomes.REFUSED, str(error))
        self.port = self._socket.getsockname()[1]

    def close(self):
        self._socket.close()

    def has_ended(self):
        """Whether the server has closed it while no request was under way, which it may."""
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    async def exchange(self, content):
        """Send a request once, and return its Answer. Raises Failure."""
        self.busy = True
        try:
            await self._send(content)
            return await self._read()
        except OSError as error:
            raise Failure(outcomes.RESET, "%s: %s" % (type(error).__name__, error))
        finally:
            self.busy = False

    async def _send(self, content):
        loop, pieces = asyncio.get_running_loop(), self._pace.pieces
        size = -(-len(content) // pieces)
        for start in range(0, len(content), size):
            if start:
                await asyncio.sleep(self._pace.pause)
            await loop.sock_sendall(self._socket, content[start:start + size])

    async def _read(self):
        while b"\r\n\r\n" not in self._received:
            if len(self._received) > _HEAD_BYTES:
                raise Failure(outcomes.WRONG, "the head of the answer does not end")
            await self._receive("without an answer")
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        status, headers = parsed_head(head)
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = await self._read_chunks()
        else:
            body = await self._take(int(headers["content-length"]))
        close = "close" in headers.get("connection", "").lower()
        if self._received:
            raise Failure(outcomes.WRONG, "%d bytes follow the answer" % len(self._received))
        return Answer(status, headers, body, close)

    async def _read_chunks(self):
        body = b""
        while True:
            while b"\r\n" not in self._received:
                await self._receive("within its answer")
            line, _, self._received = self._received.partition(b"\r\n")
            size = int(line.partition(b";")[0], 16)
            piece = await self._take(size + 2)
            body += piece[:-2]
            if not size:
                return body

    async def _take(self, length):
        while len(self._received) < length:
            if self._pace.pause:
                await asyncio.sleep(self._pace.pause)
            await self._receive("within its answer")
        taken, self._received = self._received[:length], self._received[length:]
        return taken

    async def _receive(self, where):
        data = await asyncio.get_running_loop().sock_recv(self._socket, self._pace.read_bytes)
        if not data:
            raise Failure(outcomes.LOST, "the connection was closed " + where)
        self._received += data


def parsed_head(head):
    """Return the status, and the header fields by their names in lower case. Raises Failure."""
    try:
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = [line.partition(":") for line in lines[1:]]
        headers = {name.lower(): value.strip() for name, _, value in fields}
        if "content-length" not in headers and "transfer-encoding" not in headers:
            raise ValueError("it has no length")
        return status, headers
    except (IndexError, ValueError) as error:
        raise Failure(outcomes.WRONG, "not an answer of HTTP/1.1: %s" % error)
