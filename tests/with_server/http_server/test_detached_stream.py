"""A detached connection goes on as an IOStream: plain, over TLS, and as a WebSocket."""

from __future__ import absolute_import, division, print_function

import pytest
from net_connected import connected, taken_from
from net_peers import Peer, reset, soon
from tornado import gen, httpclient, web, websocket
from tornado.http1connection import HTTP1Connection
from tornado.iostream import IOStream, SSLIOStream, StreamBufferFullError, StreamClosedError
from tornado.tcpclient import TCPClient
from tornado.testing import AsyncHTTPTestCase, AsyncTestCase, gen_test

from waterspout import HTTPServer
from waterspout._http_server.detached_stream import detached_stream


class DetachedStreamTest(AsyncTestCase):
    """The same over plain TCP and over TLS."""

    tls = False

    def setUp(self):
        super(DetachedStreamTest, self).setUp()
        self.peer = Peer(self.io_loop)
        self.streams = []

    def tearDown(self):
        for stream in self.streams:
            stream.close()
        self.peer.close()
        super(DetachedStreamTest, self).tearDown()

    @gen.coroutine
    def connected(self):
        """Futures' result: the client's stream, and the server's socket."""
        client, sock = yield connected(self.peer, self.tls)
        self.streams.append(client)
        raise gen.Return((client, sock))

    def detached(self, *args, **kwargs):
        self.streams.append(detached_stream(*args, **kwargs))
        return self.streams[-1]

    @gen_test
    def test_unread_bytes_are_read_before_those_of_the_socket(self):
        """In pieces of any size, across the border."""
        client, sock = yield self.connected()
        stream = self.detached(sock, b"unread line\nand", [], read_chunk_size=4)
        assert isinstance(stream, SSLIOStream if self.tls else IOStream)
        assert (yield stream.read_until(b"\n")) == b"unread line\n"
        yield client.write(b" what follows\nend")
        assert (yield stream.read_until(b"\n")) == b"and what follows\n"
        client.close()
        assert (yield stream.read_until_close()) == b"end"

    @gen_test
    def test_unread_bytes_can_be_read_into_a_buffer(self):
        """`read_into` gives Tornado a memoryview."""
        client, sock = yield self.connected()
        stream = self.detached(sock, b"unread ", [])
        yield client.write(b"bytes")
        room = bytearray(12)
        yield stream.read_into(room)
        assert bytes(room) == b"unread bytes"

    @gen_test
    def test_unsent_bytes_are_sent_before_others(self):
        """All of them, whatever their number and size."""
        client, sock = yield self.connected()
        stream = self.detached(sock, b"", [b"un", b"", b"s" * 1000000, b"ent"])
        writing = stream.write(b" and more")
        assert (yield client.read_bytes(1000014)) == b"un" + b"s" * 1000000 + b"ent and more"
        yield writing

    @gen_test
    def test_nothing_unread_or_unsent_is_a_plain_stream(self):
        """Reading first, and writing first."""
        client, sock = yield self.connected()
        stream = self.detached(sock, b"", [])
        yield client.write(b"ping\n")
        assert (yield stream.read_until(b"\n")) == b"ping\n"
        yield stream.write(b"pong\n")
        assert (yield client.read_until(b"\n")) == b"pong\n"

    @gen_test
    def test_a_client_that_leaves_closes_the_stream(self):
        """Without a pending read, once the unread bytes were read."""
        client, sock = yield self.connected()
        closed = []
        stream = self.detached(sock, b"unread", [])
        stream.set_close_callback(lambda: closed.append(True))
        assert (yield stream.read_bytes(6)) == b"unread"
        client.close()
        yield soon(lambda: closed)

    @gen_test
    def test_a_broken_connection_is_a_closed_stream(self):
        """No matter how much was not sent; nothing is raised."""
        client, sock = yield self.connected()
        reset(client)
        stream = self.detached(sock, b"", [b"x" * 100000] * 100)
        yield soon(stream.closed)
        with pytest.raises(StreamClosedError):
            yield stream.write(b"more")

    @gen_test
    def test_the_read_buffer_has_its_limit(self):
        """For unread bytes as well."""
        client, sock = yield self.connected()
        stream = self.detached(sock, b"x" * 100, [], max_buffer_size=50)
        with pytest.raises((StreamClosedError, StreamBufferFullError)):
            yield stream.read_until(b"\n")


class DetachedTLSStreamTest(DetachedStreamTest):
    tls = True


class Detaching(web.RequestHandler):
    """Notes itself and its stream, which says hello."""

    def get(self):
        stream = self.request.connection.detach()
        stream.write(b"hello")
        self.settings["detached"].append((self, stream))


class DetachedByAHandlerTest(AsyncHTTPTestCase):
    def get_app(self):
        self.detached = []
        return web.Application([("/", Detaching)], detached=self.detached)

    def get_http_server(self):
        return HTTPServer(self._app)

    @gen_test
    def test_the_handler_can_close_a_connection_that_it_detached(self):
        """The client sees the end at once, although the handler and its request still exist."""
        client = yield TCPClient().connect("127.0.0.1", self.get_http_port())
        yield client.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\nunread")
        assert (yield client.read_bytes(5)) == b"hello"
        (_, stream), = self.detached
        assert (yield stream.read_bytes(6)) == b"unread"
        stream.close()
        assert (yield client.read_until_close()) == b""


class Echo(websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message, binary=isinstance(message, bytes))


class WebSocketTest(AsyncHTTPTestCase):
    """Tornado's WebSockets, whose connection is detached to a stream of ours."""

    def get_app(self):
        return web.Application([("/", Echo)])

    @gen_test
    def test_messages_go_both_ways_until_the_client_closes(self):
        """Large ones too."""
        detach, detached = HTTP1Connection.detach, []

        def detach_to_ours(connection):
            stream = detach(connection)
            if connection.is_client:
                return stream
            detached.append(detached_stream(taken_from(stream), b"", []))
            return detached[-1]

        HTTP1Connection.detach = detach_to_ours
        try:
            client = yield websocket.websocket_connect(
                httpclient.HTTPRequest("ws://127.0.0.1:%d/" % self.get_http_port()))
            for message in (u"hello", b"\x00\xff", u"x" * 200000):
                yield client.write_message(message, binary=isinstance(message, bytes))
                assert (yield client.read_message()) == message
            client.close()
            assert (yield client.read_message()) is None
            yield soon(lambda: detached[0].closed())
        finally:
            HTTP1Connection.detach = detach
