"""A server that sends faster than anybody reads: its bytes stay with it."""

from __future__ import absolute_import, division, print_function

from net_peers import HEAD_END, PoolTestCase, net_test, server_context, soon, trusting
from tornado import gen
from tornado.iostream import StreamClosedError

from waterspout._wire.message_limits import MessageLimits
from waterspout.exceptions import ReadError, RemoteProtocolError, ResponseTooLarge

PIECE = b"x" * 65536

#: More than the buffers of two sockets hold.
PLENTY = 64 * 1024 * 1024


@gen.coroutine
def flood(stream, counts, first=b"HTTP/1.1 200 OK\r\n\r\n", piece=PIECE):
    try:
        yield stream.read_until(HEAD_END)
        yield stream.write(first)
        while counts["taken"] < PLENTY:
            yield stream.write(piece)
            counts["taken"] += len(piece)
        stream.close()
    except StreamClosedError:
        counts["closed"] = True


class FloodingTest(PoolTestCase):
    message_limits = MessageLimits(head_bytes=100000)

    @gen.coroutine
    def hold_back(self, tls=None):
        """A reader that pauses after every 1 MiB: what the server could send meanwhile."""
        peer, counts = self.peer(), {"taken": 0}
        origin = self.origin(peer, "localhost", trusting() if tls else None)
        exchange = self.run_exchange(origin=origin)

        def received(exchange):
            exchange.size += len(exchange.content)
            exchange.content = b""
            if exchange.size // 2 ** 20 > len(exchange.pauses) and exchange.connection is not None:
                exchange.pauses.append(exchange.size)
                exchange.connection.pause()

        exchange.size, exchange.pauses, exchange.on_received = 0, [], received
        stream = yield peer.accept()
        if tls:
            stream = yield stream.start_tls(True, server_context())
        flooding = flood(stream, counts)
        ahead = 0
        while not exchange.done:
            yield soon(lambda: exchange.done or exchange.pauses
                       and not exchange.connection._watched)
            if not exchange.done:
                before = None
                while before != counts["taken"]:  # Until its buffers are full.
                    before = counts["taken"]
                    for _ in range(20):
                        yield gen.moment
                ahead = max(ahead, counts["taken"] - exchange.size)
                exchange.connection.resume()
        yield flooding
        stream.close()
        if tls:  # Tornado's server ends TLS without close_notify; that is for another test.
            self.assertEqual(exchange.failure, ReadError)
        else:
            self.assertIsNone(exchange.error)
        self.assertEqual((exchange.size, exchange.endings), (counts["taken"], 1))
        raise gen.Return(ahead)

    @net_test
    def test_paused_reader_stops_the_server(self):
        """No more is under way than what the sockets hold."""
        ahead = yield self.hold_back()
        self.assertLess(ahead, PLENTY // 4)

    @net_test
    def test_paused_reader_stops_the_server_over_tls(self):
        """The same behind TLS: no byte is stuck in it, and none is lost."""
        ahead = yield self.hold_back(tls=True)
        self.assertLess(ahead, PLENTY // 4)

    @net_test
    def test_endless_head_is_refused(self):
        """Its size has a limit, and the flood ends with the connection."""
        peer, counts = self.peer(), {"taken": 0}
        getting = self.get(self.origin(peer))
        flooding = flood((yield peer.accept()), counts, first=b"HTTP/1.1 200 OK\r\nX: ")
        exchange = yield getting
        self.assertEqual(exchange.failure, ResponseTooLarge)
        yield flooding
        self.assertTrue(counts["closed"])

    @net_test
    def test_garbage_is_refused(self):
        """Whatever does not speak HTTP is not listened to for long."""
        peer, counts = self.peer(), {"taken": 0}
        getting = self.get(self.origin(peer))
        flooding = flood((yield peer.accept()), counts, first=b"\0")
        exchange = yield getting
        self.assertEqual(exchange.failure, RemoteProtocolError)
        yield flooding
        self.assertTrue(counts["closed"])

    @net_test
    def test_flood_does_not_starve_others(self):
        """A call to a quiet server gets through while another one floods."""
        flooder, quiet, counts = self.peer(), self.peer(), {"taken": 0}
        flooded = self.run_exchange(origin=self.origin(flooder))
        flooded.on_received = lambda exchange: setattr(exchange, "content", b"")
        flooding = flood((yield flooder.accept()), counts)
        getting = self.get(self.origin(quiet))
        stream = yield quiet.accept()
        yield stream.read_until(HEAD_END)
        yield stream.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        exchange = yield getting
        self.assertEqual(exchange.status, 204)
        self.assertFalse(flooded.done)
        flooded.cancel()
        yield flooding
