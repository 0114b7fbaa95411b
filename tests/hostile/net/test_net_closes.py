"""A server that closes or resets unexpectedly: in real time, on real sockets."""

from __future__ import absolute_import, division, print_function

from net_peers import HEAD_END, OK, PoolTestCase, net_test, reset, soon, until_closed
from tornado import gen

from waterspout.exceptions import ConnectError, ReadError, WriteError

#: More than any socket buffers take.
HUGE = b"x" * (32 * 1024 * 1024)

TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno"


def close(stream):
    stream.close()


class ClosingTest(PoolTestCase):
    @gen.coroutine
    def kept(self):
        """A peer, its origin, and its end of a connection that is kept."""
        peer = self.peer()
        origin = self.origin(peer)
        getting = self.get(origin)
        stream = yield peer.accept()
        yield stream.read_until(HEAD_END)
        yield stream.write(OK)
        yield getting
        raise gen.Return((peer, origin, stream))

    @net_test
    def test_idle_connection_is_dropped_when_it_ends(self):
        """At once, and before anybody meets it."""
        for end in (close, reset):
            _, origin, stream = yield self.kept()
            end(stream)
            yield soon(lambda name=str(origin): self.pool.stats()[name]["idle"] == 0)

    @net_test
    def test_idle_connection_is_dropped_when_it_speaks(self):
        """What it says would be taken for the next response."""
        _, origin, stream = yield self.kept()
        yield stream.write(OK)
        yield until_closed(stream)
        self.assertEqual(self.pool.stats()[str(origin)]["idle"], 0)

    @net_test
    def test_get_and_post_survive_a_connection_closed_before_the_request(self):
        """Closed while we were not looking: GET and POST both get through."""
        for end in (close, reset):
            for method, body in ((b"GET", None), (b"POST", b"x" * 100)):
                peer, origin, stream = yield self.kept()
                end(stream)  # Same round of the loop: the pool does not know.
                getting = self.get(origin, method=method, body=body)
                stream = yield peer.accept()
                yield stream.read_until(HEAD_END)
                yield stream.write(OK)
                exchange = yield getting
                self.assertEqual((exchange.error, exchange.content), (None, b"ok"))

    @net_test
    def test_get_is_sent_again_after_a_close_and_post_is_not(self):
        """It read and went: GET is sent again, POST is not."""
        for end in (close, reset):
            peer, origin, stream = yield self.kept()
            getting = self.get(origin)
            yield stream.read_until(HEAD_END)
            end(stream)
            stream = yield peer.accept()
            yield stream.read_until(HEAD_END)
            yield stream.write(OK)
            exchange = yield getting
            self.assertTrue(exchange.replaced and exchange.content == b"ok")
            getting = self.get(origin, method=b"POST", body=b"x")
            yield stream.read_until(HEAD_END)
            end(stream)
            exchange = yield getting
            self.assertEqual((exchange.failure, exchange.phase), (ReadError, "read"))
            self.assertEqual(len(peer.accepted), 2)

    @net_test
    def test_put_is_sent_again_after_a_close_within_its_body_and_post_is_not(self):
        """PUT is sent again from its beginning; POST is not."""
        for end in (close, reset):
            peer, origin, stream = yield self.kept()
            getting = self.get(origin, method=b"PUT", body=HUGE)
            yield stream.read_bytes(100000)
            end(stream)
            stream = yield peer.accept()
            yield stream.read_until(HEAD_END)
            yield stream.read_bytes(len(HUGE))
            yield stream.write(OK)
            exchange = yield getting
            self.assertEqual((exchange.error, exchange.content), (None, b"ok"))
            getting = self.get(origin, method=b"POST", body=HUGE)
            yield stream.read_bytes(100000)
            end(stream)
            exchange = yield getting
            self.assertIn(exchange.failure, (WriteError, ReadError))
            self.assertEqual(len(peer.accepted), 2)

    @net_test
    def test_a_refusal_is_read_though_sending_failed(self):
        """The server answered, closed what it had not read, and so reset the connection."""
        peer = self.peer()
        getting = self.get(self.origin(peer), method=b"POST", body=HUGE)
        stream = yield peer.accept()
        yield stream.read_bytes(1000)
        yield stream.write(TOO_LARGE)
        stream.close()
        exchange = yield getting
        self.assertEqual((exchange.status, exchange.content), (413, b"no"))

    @net_test
    def test_a_refusal_on_an_open_connection_ends_the_sending(self):
        """The rest of a large body is not sent to a server that said no."""
        peer = self.peer()
        getting = self.get(self.origin(peer), method=b"POST", body=HUGE)
        stream = yield peer.accept()
        yield stream.read_bytes(1000)
        yield stream.write(TOO_LARGE)
        exchange = yield getting
        self.assertEqual(exchange.status, 413)
        rest = yield until_closed(stream)
        self.assertLess(len(rest), len(HUGE) - 1000)

    @net_test
    def test_data_that_arrives_with_the_end_is_read_first(self):
        """The data comes first, whatever the poll says first."""
        for answer, content in (
            (OK, b"ok"), (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300000, b"x" * 300000),
        ):
            peer = self.peer()
            getting = self.get(self.origin(peer))
            stream = yield peer.accept()
            yield stream.read_until(HEAD_END)
            stream.write(answer)
            yield soon(lambda stream=stream: not stream.writing())
            stream.close()
            exchange = yield getting
            self.assertEqual((exchange.error, exchange.content), (None, content))

    @net_test
    def test_body_cut_short_is_an_error(self):
        """By its length, by its last chunk; and a reset never ends a body."""
        for answer, end in (
            (OK[:-1], close),
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", close),
            (b"HTTP/1.1 200 OK\r\n\r\nsome", reset),
        ):
            peer = self.peer()
            getting = self.get(self.origin(peer))
            stream = yield peer.accept()
            yield stream.read_until(HEAD_END)
            yield stream.write(answer)
            yield soon(lambda: self.pool._watched and list(self.pool._watched)[0].content)
            end(stream)
            exchange = yield getting
            self.assertEqual(exchange.failure, ReadError)

    @net_test
    def test_a_refused_connection_is_an_error_and_nothing_was_sent(self):
        """Nothing was sent, and the error says why."""
        peer = self.peer()
        peer.refuse()
        exchange = yield self.get(self.origin(peer))
        self.assertEqual((exchange.failure, exchange.phase), (ConnectError, "connect"))
        self.assertIn("refused", exchange.error[1])

    @net_test
    def test_a_new_connection_that_is_closed_is_not_tried_again(self):
        """A new connection that dies is no stale one: one attempt."""
        for end in (close, reset):
            peer = self.peer()
            peer.on_accept = end
            exchange = yield self.get(self.origin(peer))
            self.assertIn(exchange.failure, (ReadError, WriteError, ConnectError))
            self.assertEqual(len(peer.accepted), 1)
