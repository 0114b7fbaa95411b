"""A peer that is still sending reads the last response, on real sockets."""

from __future__ import absolute_import, division, print_function

from net_connected import connected
from net_peers import Peer, soon
from tornado import gen
from tornado.iostream import StreamClosedError
from tornado.testing import AsyncTestCase, gen_test

from waterspout._net.lingering import Lingering
from waterspout._net.socket_stream import PlainStream, TLSStream
from waterspout._net.timeout_sweep import TimeoutSweep

RESPONSE = b"HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n"


class LingeringTest(AsyncTestCase):
    """The same over plain TCP and over TLS."""

    tls = False

    def setUp(self):
        super(LingeringTest, self).setUp()
        self.peer = Peer(self.io_loop)
        self.sweep = TimeoutSweep(self.io_loop)
        self.done = []

    def tearDown(self):
        self.sweep.close()
        self.peer.close()
        super(LingeringTest, self).tearDown()

    @gen.coroutine
    def connected(self):
        """A client's IOStream, and the server's PlainStream or TLSStream."""
        client, sock = yield connected(self.peer, self.tls)
        raise gen.Return((client, TLSStream(sock) if self.tls else PlainStream(sock)))

    def linger(self, stream, response=RESPONSE):
        if response is not None:
            assert stream.send(response) == len(response)
        return Lingering(self.io_loop, stream, self.sweep, lambda: self.done.append(True))

    @gen_test
    def test_a_client_that_sends_a_large_body_gets_the_response(self):
        """Nothing of the body was read before; it is dropped, and the client's end ends all."""
        client, stream = yield self.connected()
        writing = client.write(b"x" * 8000000)
        reading = client.read_until_close()
        lingering = self.linger(stream)
        assert (yield reading) == RESPONSE
        yield soon(lambda: self.done)
        assert self.done == [True] and not self.sweep.watched and lingering.due
        try:
            yield writing
        except StreamClosedError:
            pass

    @gen_test
    def test_a_client_that_has_sent_all_gets_the_response_and_the_end(self):
        """It need not close first."""
        client, stream = yield self.connected()
        self.linger(stream)
        assert (yield client.read_until_close()) == RESPONSE
        yield soon(lambda: self.done)

    @gen_test
    def test_a_client_that_has_left_is_not_waited_for(self):
        client, stream = yield self.connected()
        client.close()
        self.linger(stream, None)
        yield soon(lambda: self.done)


class TLSLingeringTest(LingeringTest):
    tls = True

    @gen_test
    def test_a_client_that_goes_on_sending_has_its_records_dropped(self):
        """They come encrypted, after the close_notify that we sent."""
        client, stream = yield self.connected()
        yield client.write(b"x" * 100)
        lingering = self.linger(stream)
        for _ in range(3):
            due = lingering.due
            yield client.write(b"x" * 20000)
            yield soon(lambda due=due: lingering.due > due)
        assert not self.done
        assert (yield client.read_until_close()) == RESPONSE
        yield soon(lambda: self.done)
