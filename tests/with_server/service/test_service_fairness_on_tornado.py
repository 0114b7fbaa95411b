"""The same on Tornado's own server, which reads on while a connection has data."""

from __future__ import absolute_import, division, print_function

import socket

from tornado import gen
from tornado.concurrent import Future
from tornado.iostream import IOStream
from tornado.testing import AsyncTestCase, gen_test

from waterspout import service
from waterspout.service._server.tornado_server import TornadoServer

MIB = 1024 * 1024


class EagerStream(IOStream):
    """The connection of a client whose next bytes, ``plenty`` of them, have arrived already."""

    def __init__(self, head, piece, plenty):
        ours, self._theirs = socket.socketpair()
        super(EagerStream, self).__init__(ours)
        self._waiting, self._piece = bytearray(head), piece
        self._plenty = plenty
        self.taken_bytes = 0

    @property
    def is_exhausted(self):
        return self.taken_bytes >= self._plenty

    def read_from_fd(self, buf):
        if self.is_exhausted:
            return None
        while len(self._waiting) < len(buf):
            self._waiting += self._piece
        count = len(buf)
        buf[:] = self._waiting[:count]
        del self._waiting[:count]
        self.taken_bytes += count
        return count

    def close_fd(self):
        super(EagerStream, self).close_fd()
        self._theirs.close()


class LengthHandler(service.JSONHandler):
    def post(self):
        self.write_json(len(self.body))


class FairnessOnTornadoTest(AsyncTestCase):
    @gen.coroutine
    def most_taken_at_once(self, framing, piece, plenty):
        """Return how many bytes of one body were read, at most, between two turns of others."""
        application = service.Application([("/", LengthHandler)], max_body_bytes=1000)
        head = b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n"
        stream = EagerStream(head, piece, plenty)
        TornadoServer(application).handle_stream(stream, ("127.0.0.1", 1))
        most = before = 0
        while not stream.is_exhausted:
            turn = Future()
            self.io_loop.add_callback(turn.set_result, None)
            yield turn
            most = max(most, stream.taken_bytes - before)
            before = stream.taken_bytes
        stream.close()
        raise gen.Return(most)

    @gen_test
    def test_long_body_is_read_in_turns(self):
        """Others wait for a MiB of it at most."""
        most = yield self.most_taken_at_once(b"Content-Length: 30000000", b"x" * MIB, 8 * MIB)
        assert most <= MIB

    @gen_test
    def test_long_chunks_are_read_in_turns(self):
        """The same when its length was not announced."""
        chunk = b"100000\r\n" + b"x" * MIB + b"\r\n"
        most = yield self.most_taken_at_once(b"Transfer-Encoding: chunked", chunk, 8 * MIB)
        assert most <= MIB
