"""A client that sends faster than the server reads does not occupy the process."""

from __future__ import absolute_import, division, print_function

import array
import fcntl
import os
import shutil
import socket
import tempfile
import termios

from tornado import gen
from tornado.concurrent import Future
from tornado.netutil import bind_unix_socket
from tornado.testing import AsyncTestCase, gen_test

from waterspout import service
from waterspout.service._server.server import Server

KIB = 1024

#: What is read of one connection between two turns of others, at most.
ONE_BUFFER = 64 * KIB


class CountingHandler(service.JSONHandler):
    def post(self):
        self.write_json(len(self.body))


class FairnessTest(AsyncTestCase):
    """On a unix socket, where all that a client has sent is in one queue that can be measured."""

    def setUp(self):
        super(FairnessTest, self).setUp()
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        shutil.rmtree(self.folder)
        super(FairnessTest, self).tearDown()

    def in_each_turn(self, function):
        """Call ``function`` once in each iteration of the IOLoop, until it returns True.

        Returns: Future of None. A coroutine alone would need several iterations to go on.
        """
        ended = Future()

        def turn():
            if function():
                ended.set_result(None)
            else:
                self.io_loop.add_callback(turn)

        self.io_loop.add_callback(turn)
        return ended

    @gen.coroutine
    def most_taken_at_once(self, head, body, max_body_bytes):
        """How many bytes of one client were read, at most, between two turns; and how many in all.

        The client has sent as much as its socket takes before the first turn, and then no more.
        """
        application = service.Application([("/", CountingHandler)], max_body_bytes=max_body_bytes)
        path = os.path.join(self.folder, "socket")
        listening = bind_unix_socket(path)
        server = Server(application)
        server.add_sockets([listening])
        client = socket.socket(socket.AF_UNIX)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * KIB)
        client.connect(path)
        yield self.in_each_turn(lambda: server.open_connections)
        client.setblocking(False)
        sent = client.send(b"POST / HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
        try:
            while True:
                sent += client.send(body[:8 * KIB])
        except socket.error:  # It would block.
            pass
        (connection,) = server._connections
        unread = [waiting(connection.socket)]
        assert unread == [sent]

        def all_is_read():
            unread.append(waiting(connection.socket))
            return unread[-1] == 0

        yield self.in_each_turn(all_is_read)
        most = max(before - after for before, after in zip(unread, unread[1:]))
        client.close()
        server.stop()
        yield server.close_all_connections()
        raise gen.Return((most, sent))

    @gen.coroutine
    def assert_fair(self, *args):
        most, sent = yield self.most_taken_at_once(*args)
        assert sent > 2 * ONE_BUFFER, "the socket takes too little for this test"
        assert most <= ONE_BUFFER

    @gen_test
    def test_long_body_is_read_in_turns(self):
        """One buffer in each."""
        yield self.assert_fair(b"Content-Length: 30000000", b"x" * 8 * KIB, 32 << 20)

    @gen_test
    def test_chunked_body_is_read_in_turns(self):
        """The same when its length was not announced."""
        chunk = b"1ff8\r\n" + b"x" * 0x1ff8 + b"\r\n"
        yield self.assert_fair(b"Transfer-Encoding: chunked", chunk, 32 << 20)

    @gen_test
    def test_body_over_the_limit_is_dropped_in_turns(self):
        """The rest of a request that was refused is read only so that its client gets the 413."""
        yield self.assert_fair(b"Content-Length: 30000000", b"x" * 8 * KIB, 1000)

    @gen_test
    def test_requests_in_a_row_are_answered_in_turns(self):
        """Each of them is small, and all have arrived."""
        request = b"Content-Length: 0\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nX: "
        request += b"x" * (8 * KIB - len(request) - 2) + b"\r\n"
        first = b"Content-Length: 0\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nX: x"
        yield self.assert_fair(first, request, 1000)


def waiting(sock):
    """How many bytes the peer has sent that were not read."""
    count = array.array("i", [0])
    fcntl.ioctl(sock.fileno(), termios.FIONREAD, count)
    return count[0]
