"""Requests that take more than one send, and what the server may say meanwhile."""

from __future__ import absolute_import, division, print_function

import errno
import socket

import pytest
from net_exchanges import RecordedExchange
from net_fakes import CLOSING, CONTINUE, OK, Net
from tornado.ioloop import IOLoop

from waterspout._net.body_sources import BodySource, IteratorBodySource
from waterspout._net.exchange import CONTINUE_SECONDS
from waterspout.exceptions import (
    DeadlineExceeded,
    LocalProtocolError,
    ReadError,
    ReadTimeout,
    WriteError,
    WriteTimeout,
)

LARGE = bytes(bytearray(range(256))) * 1000
TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno"


class HandBody(BodySource):
    """A body that the test gives piece by piece."""

    def __init__(self, length=None):
        self.length = length
        self.upload = None
        self.asked = self.stopped = 0

    def start(self, upload):
        assert self.upload is None
        self.upload = upload

    def drained(self):
        assert self.upload is not None
        self.asked += 1

    def stop(self):
        self.stopped += 1


def upload(net, body, **kwargs):
    kwargs.setdefault("method", b"PUT")
    expects = kwargs.pop("expects_continue", False)
    if expects:
        kwargs["pairs"] = [(b"Expect", b"100-continue")]
    exchange = RecordedExchange(body=body, **kwargs)
    exchange.expects_continue = expects
    net.pool.run(exchange)
    return exchange


def wants_write(net, index=0):
    return bool(net.loop.wants(net.streams[index].fd) & IOLoop.WRITE)


def with_room(room):
    """A Net whose new sockets take so many bytes at first."""
    net = Net()
    net.connector.prepare = lambda stream: setattr(stream, "room", room)
    return net


@pytest.mark.parametrize("body", [b"x" * 1000, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("step", [1, 97, 70000])
def test_partial_writes_add_up(body, step):
    """However little the socket takes at a time, the server gets every byte once."""
    if step == 1:
        body = body[:300]
    with with_room(0) as net:
        exchange = upload(net, body)
        stream = net.streams[0]
        assert stream.sent == b"" and wants_write(net)
        while wants_write(net):
            stream.takes(step)
        head, _, sent = stream.sent.partition(b"\r\n\r\n")
        assert sent == body
        assert ("Content-Length: %d" % len(body)).encode("ascii") in head
        assert exchange.phase == "read"
        stream.says(OK)
        assert exchange.content == b"ok" and net.counts()[:2] == (0, 1)


def test_small_request_leaves_in_one_piece():
    """Head and body in one send, without waiting for the socket."""
    with Net() as net:
        sends = []
        net.connector.prepare = lambda stream: setattr(
            stream, "send", lambda data: sends.append(data) or len(data))
        upload(net, b"x" * 1000)
        assert len(sends) == 1 and not wants_write(net)


def test_head_of_a_large_request_leaves_with_the_beginning_of_the_body():
    """In one send, and no packet of its own; the rest of the body is not copied."""
    with Net() as net:
        sends = []
        net.connector.prepare = lambda stream: setattr(
            stream, "send", lambda data: sends.append(data) or len(data))
        upload(net, LARGE)
        first, rest = sends
        head, _, beginning = first.partition(b"\r\n\r\n")
        assert head and beginning and len(first) == 16 * 1024
        assert isinstance(rest, memoryview) and beginning + rest.tobytes() == LARGE


def test_server_that_takes_nothing_times_out():
    """timeout.read bounds how long the server may take no byte."""
    with with_room(0) as net:
        exchange = upload(net, LARGE, timeout=5)
        net.loop.advance(4)
        net.streams[0].takes(10)
        net.loop.advance(4.9)
        assert exchange.endings == 0
        net.loop.advance(0.2)
        assert exchange.failure is WriteTimeout and exchange.phase == "send"
        assert net.streams[0].closed and net.counts()[:3] == (0, 0, 0)


def test_iterated_body_is_sent_chunked_or_by_its_length():
    """Without a length in chunks, with one as it is."""
    with Net() as net:
        upload(net, IteratorBodySource(iter([b"ab", b"", b"cde"])))
        while wants_write(net):
            net.streams[0].takes(None)
        assert net.streams[0].sent.endswith(b"\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n")
        net.streams[0].says(OK)
        upload(net, IteratorBodySource([b"ab", b"cde"], 5))
        while wants_write(net):
            net.streams[0].takes(None)
        assert net.streams[0].sent.endswith(b"Content-Length: 5\r\n\r\nabcde")


def test_iterator_is_not_asked_faster_than_the_socket_takes():
    """The next piece is made when the last one has left."""
    made = []

    def pieces():
        for number in range(10):
            made.append(number)
            yield b"x" * 100

    with with_room(None) as net:
        exchange = upload(net, IteratorBodySource(pieces()))
        net.streams[0].takes(150)
        assert made == [0, 1]
        net.streams[0].takes(0)
        assert made == [0, 1]
        net.streams[0].takes(None)
        assert made == [0, 1, 2]
        exchange.cancel()


@pytest.mark.parametrize("length, complaint", [(4, "more body bytes"), (6, "only 5 body bytes")])
def test_a_body_longer_or_shorter_than_its_length_fails(length, complaint):
    """More or fewer bytes than Content-Length said would be read as another request."""
    with Net() as net:
        exchange = upload(net, IteratorBodySource([b"ab", b"cde"], length))
        while wants_write(net):
            net.streams[0].takes(None)
        assert exchange.failure is LocalProtocolError and complaint in exchange.error[1]
        assert net.streams[0].closed and net.counts()[:3] == (0, 0, 0)


@pytest.mark.parametrize("piece", [u"text", 7, None])
def test_body_that_gives_no_bytes_fails(piece):
    """It is a bug of the caller, which does not hold a connection."""
    with Net() as net:
        exchange = upload(net, HandBody())
        body = exchange.body
        body.upload.write(piece)
        assert isinstance(exchange.error[2], TypeError)
        assert body.stopped == 1 and net.counts()[:3] == (0, 0, 0)


def test_iterator_that_raises_fails_the_call_with_its_error():
    """The half-sent request ends its connection."""
    def pieces():
        yield b"a"
        raise KeyError("gone")

    with Net() as net:
        exchange = upload(net, IteratorBodySource(pieces()))
        net.streams[0].takes(None)
        assert exchange.failure is KeyError and net.streams[0].closed


def test_body_that_raises_when_it_is_started_fails_the_call():
    """A bug in it does not hold the connection."""
    class Broken(BodySource):
        def start(self, upload):
            raise ZeroDivisionError

    with Net() as net:
        exchange = upload(net, Broken())
        assert exchange.failure is ZeroDivisionError and net.counts()[:3] == (0, 0, 0)


def test_waiting_for_the_body_is_no_timeout():
    """What the caller has not given yet cannot be the server's fault."""
    with Net() as net:
        exchange = upload(net, HandBody(), timeout=5)
        net.loop.advance(100)
        exchange.body.upload.write(b"x")
        net.loop.advance(4)
        net.streams[0].takes(None)
        net.loop.advance(100)
        assert exchange.endings == 0
        exchange.body.upload.end_body()
        net.loop.advance(5.1)
        assert exchange.failure is ReadTimeout


def test_server_that_stops_taking_a_slow_body_times_out():
    """The clock that stood still while the caller was awaited runs again."""
    with Net() as net:
        exchange = upload(net, HandBody(), timeout=5)
        net.loop.advance(100)
        net.streams[0].room = 0
        exchange.body.upload.write(b"x")
        net.loop.advance(5.1)
        assert exchange.failure is WriteTimeout


def test_deadline_bounds_a_slow_body():
    """The whole call has its limit, whichever side is slow."""
    with Net() as net:
        exchange = upload(net, HandBody(), timeout=5, deadline=net.loop.now + 50)
        net.loop.advance(50.1)
        assert exchange.failure is DeadlineExceeded and exchange.body.stopped == 1


def test_bytes_of_an_early_response_do_not_start_the_clock():
    """While a body is being given, what the server says puts no limit on the giver."""
    with Net() as net:
        exchange = upload(net, HandBody(), timeout=5)
        net.streams[0].says(OK[:-1])
        net.loop.advance(100)
        assert exchange.endings == 0 and exchange.content == b"o"


def test_error_response_ends_the_sending():
    """A server that refuses is spared the rest; its connection is not used again."""
    with with_room(1000) as net:
        exchange = upload(net, LARGE)
        net.streams[0].says(TOO_LARGE[:-1])
        assert not wants_write(net) and exchange.phase == "read"
        net.streams[0].says(TOO_LARGE[-1:])
        assert exchange.status == 413 and exchange.content == b"no"
        assert net.streams[0].closed and len(net.streams[0].sent) == 1000


def test_error_response_stops_the_body():
    """Who gives the body learns that no more is wanted."""
    with Net() as net:
        exchange = upload(net, HandBody())
        exchange.body.upload.write(b"x")
        net.streams[0].says(TOO_LARGE)
        assert exchange.status == 413 and exchange.body.stopped == 1
        assert net.streams[0].closed
        sent = net.streams[0].sent
        exchange.body.upload.write(b"late")
        exchange.body.upload.end_body()
        exchange.body.upload.body_failed(KeyError())
        assert net.streams[0].sent == sent and exchange.endings == 1


def test_good_response_lets_the_sending_go_on_until_it_ends():
    """A server may answer while it reads; when its answer is whole, nothing is waited for."""
    with Net() as net:
        exchange = upload(net, HandBody())
        net.streams[0].says(OK[:-1])
        exchange.body.upload.write(b"more")
        net.streams[0].takes(None)
        assert b"more" in net.streams[0].sent and exchange.body.stopped == 0
        net.streams[0].says(OK[-1:])
        assert exchange.content == b"ok" and exchange.body.stopped == 1
        assert net.streams[0].closed


def test_upload_that_ends_first_leaves_a_usable_connection():
    """Both messages complete, in whatever order the bytes went."""
    with Net() as net:
        exchange = upload(net, HandBody())
        net.streams[0].says(OK[:-1])
        exchange.body.upload.end_body()
        net.streams[0].says(OK[-1:])
        assert exchange.content == b"ok" and net.counts()[:2] == (0, 1)


# What the server said before it closed, though it had not read everything


def test_answer_of_a_server_that_stopped_reading_is_read():
    """It answered 413 and closed; the error on sending does not hide that."""
    with with_room(1000) as net:
        exchange = upload(net, LARGE)
        net.streams[0].incoming.extend([TOO_LARGE, b""])
        net.streams[0].send_error = socket.error(errno.ECONNRESET, "reset")
        net.streams[0].takes(None)
        assert exchange.status == 413 and exchange.content == b"no"
        assert net.streams[0].closed


def test_answer_before_the_request_is_read():
    """It answered and closed before we said a word; that fails the first send."""
    with Net() as net:
        def prepare(stream):
            stream.send_error = socket.error(errno.EPIPE, "pipe")
            stream.incoming.extend([TOO_LARGE, b""])

        net.connector.prepare = prepare
        exchange = net.run()
        assert exchange.status == 413 and net.streams[0].closed


@pytest.mark.parametrize("rest", [[], [b""], [TOO_LARGE[:-1]], [TOO_LARGE[:-1], b""]])
def test_send_error_without_an_answer_is_a_write_error(rest):
    """It names what the socket said, and not what followed from it."""
    with with_room(1000) as net:
        exchange = upload(net, LARGE)
        net.streams[0].incoming.extend(rest)
        net.streams[0].send_error = socket.error(errno.EPIPE, "Broken pipe")
        net.streams[0].takes(None)
        net.loop.fire(net.streams[0].fd, IOLoop.READ)
        assert exchange.failure is WriteError and "Broken pipe" in exchange.error[1]
        assert exchange.endings == 1 and net.streams[0].closed


def test_a_body_is_stopped_when_its_connection_breaks():
    """Who gives the body learns that it is in vain."""
    with Net() as net:
        exchange = upload(net, HandBody())
        net.streams[0].send_error = socket.error(errno.EPIPE, "Broken pipe")
        exchange.body.upload.write(b"x")
        net.streams[0].takes(None)
        assert exchange.failure is WriteError and exchange.body.stopped == 1


# Expect: 100-continue


@pytest.mark.parametrize(
    "body", [b"x" * 10, LARGE, IteratorBodySource], ids=["small", "large", "iter"])
def test_body_waits_for_100_continue(body):
    """Only the head leaves; the body follows when the server wants it."""
    if body is IteratorBodySource:
        body = IteratorBodySource([b"x" * 10], 10)
    with Net() as net:
        exchange = upload(net, body, expects_continue=True)
        assert net.streams[0].sent.endswith(b"\r\n\r\n")
        net.streams[0].says(CONTINUE)
        while wants_write(net):
            net.streams[0].takes(None)
        assert len(net.streams[0].sent.partition(b"\r\n\r\n")[2]) in (10, len(LARGE))
        assert exchange.informational == [100] and exchange.phase == "read"
        net.streams[0].says(OK)
        assert exchange.content == b"ok" and net.counts()[:2] == (0, 1)


def test_body_is_sent_unasked_after_a_while():
    """A server may know nothing of 100 Continue (RFC 9110 section 10.1.1)."""
    with Net() as net:
        exchange = upload(net, b"x" * 10, expects_continue=True, timeout=0.5)
        net.loop.advance(CONTINUE_SECONDS - 0.01)
        assert net.streams[0].sent.endswith(b"\r\n\r\n")
        net.loop.advance(0.1)
        net.streams[0].takes(None)
        assert net.streams[0].sent.endswith(b"x" * 10)
        net.streams[0].says(CONTINUE)  # Late; it changes nothing.
        net.streams[0].says(OK)
        assert exchange.content == b"ok" and exchange.informational == [100]
        assert net.counts()[:2] == (0, 1)


def test_a_body_that_fails_after_100_continue_fails_the_call():
    """100 Continue came, but there is no body: the call fails with what went wrong."""
    def pieces():
        raise KeyError("gone")
        yield b"never"

    with Net() as net:
        exchange = upload(net, IteratorBodySource(pieces()), expects_continue=True)
        net.streams[0].says(CONTINUE)
        assert exchange.failure is KeyError and net.streams[0].closed
        assert exchange.endings == 1 and net.counts()[:3] == (0, 0, 0)


def test_deadline_bounds_the_wait_for_100_continue():
    """It is part of the call."""
    with Net() as net:
        exchange = upload(net, b"x", expects_continue=True, deadline=net.loop.now + 0.5)
        net.loop.advance(0.6)
        assert exchange.failure is DeadlineExceeded


def test_only_100_continue_releases_the_body():
    """103 says nothing of the body."""
    with Net() as net:
        upload(net, b"x" * 10, expects_continue=True)
        net.streams[0].says(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        assert net.streams[0].sent.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("answer", [OK, CLOSING, TOO_LARGE])
def test_a_final_response_to_the_head_ends_the_exchange_without_a_body(answer):
    """Who answers the head alone wants no body; the connection ends with the half request."""
    with Net() as net:
        exchange = upload(net, b"x" * 10, expects_continue=True)
        net.streams[0].says(answer)
        assert exchange.status in (200, 413) and exchange.endings == 1
        assert net.streams[0].sent.endswith(b"\r\n\r\n") and net.streams[0].closed


def test_the_write_timeout_holds_for_a_head_that_expects_continue():
    """The wait for 100 Continue begins when the head has left."""
    with with_room(5) as net:
        exchange = upload(net, b"x" * 10, expects_continue=True, timeout=3)
        net.loop.advance(2.9)
        assert exchange.endings == 0
        net.loop.advance(0.2)
        assert exchange.failure is WriteTimeout


def test_dead_connection_is_replaced_before_the_body():
    """The body that waited was not touched: all of it goes to the new connection."""
    with Net() as net:
        net.run()
        net.streams[0].says(OK)
        exchange = upload(net, b"x" * 10, expects_continue=True)
        net.streams[0].says(b"")
        assert net.streams[1].sent.endswith(b"\r\n\r\n")
        net.streams[1].says(CONTINUE)
        net.streams[1].takes(None)
        net.streams[1].says(OK)
        assert exchange.content == b"ok"


# Back-pressure of who reads


def test_paused_connection_is_not_read():
    """The bytes stay with the server."""
    with Net() as net:
        exchange = net.run()
        net.streams[0].says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
        exchange.connection.pause()
        net.streams[0].says(b"cd")
        assert exchange.content == b"ab" and len(net.streams[0].incoming) == 1
        exchange.connection.resume()
        net.loop.fire(net.streams[0].fd, IOLoop.READ)
        assert exchange.content == b"abcd"


def test_pausing_in_the_middle_of_reading_stops_it():
    """No byte is read behind those that made the reader say stop."""
    with Net() as net:
        exchange = net.run()
        exchange.on_received = lambda exchange: exchange.connection.pause()
        full = b"x" * net.streams[0].full_bytes
        net.streams[0].incoming.extend([
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".ljust(len(full), b"x"), full])
        net.loop.fire(net.streams[0].fd, IOLoop.READ)
        assert len(net.streams[0].incoming) == 1


def test_a_slow_reader_is_no_read_timeout():
    """While we do not read, the server's bytes cannot come; then they have their time again."""
    with Net() as net:
        exchange = net.run(timeout=5)
        net.streams[0].says(OK[:-1])
        exchange.connection.pause()
        net.loop.advance(100)
        assert exchange.endings == 0
        exchange.connection.resume()
        net.loop.advance(4.9)
        assert exchange.endings == 0
        net.loop.advance(0.2)
        assert exchange.failure is ReadTimeout


def test_deadline_bounds_a_slow_reader():
    """The whole call has its limit."""
    with Net() as net:
        exchange = net.run(timeout=5, deadline=net.loop.now + 50)
        net.streams[0].says(OK[:-1])
        exchange.connection.pause()
        net.loop.advance(50.1)
        assert exchange.failure is DeadlineExceeded


def test_paused_connection_still_sends():
    """Both directions are independent; an upload that ends while paused starts no clock."""
    with with_room(10) as net:
        exchange = upload(net, LARGE, timeout=5)
        net.streams[0].says(OK[:-1])
        exchange.connection.pause()
        net.streams[0].takes(None)
        assert net.streams[0].sent.endswith(LARGE[-100:]) and exchange.phase == "read"
        net.loop.advance(100)
        assert exchange.endings == 0
        exchange.connection.resume()
        net.streams[0].says(OK[-1:])
        assert exchange.content == b"ok" and net.counts()[:2] == (0, 1)


def test_paused_reader_gets_what_came_before_a_send_error():
    """It said stop, so it is not flooded; the answer waits until it wants it."""
    with with_room(10) as net:
        exchange = upload(net, LARGE)
        net.streams[0].says(TOO_LARGE[:-2])
        exchange.connection.pause()
        net.streams[0].incoming.extend([TOO_LARGE[-2:], b""])
        net.streams[0].send_error = socket.error(errno.EPIPE, "pipe")
        net.streams[0].takes(None)
        assert exchange.endings == 0 and exchange.content == b""
        exchange.connection.resume()
        net.loop.fire(net.streams[0].fd, IOLoop.READ)
        assert exchange.content == b"no" and exchange.error is None


def test_pause_and_resume_on_a_closed_connection_do_nothing():
    """Its descriptor may have been reused by then."""
    with Net() as net:
        exchange = net.run()
        connection = exchange.connection
        exchange.cancel()
        net.loop.handlers[net.streams[0].fd] = ["another's", IOLoop.READ]
        connection.pause()
        connection.resume()
        connection.watch()
        connection.close()
        assert net.loop.handlers == {net.streams[0].fd: ["another's", IOLoop.READ]}


def test_reading_a_fast_server_yields_to_other_work():
    """A server that is faster than we are does not keep the loop from its other work."""
    with Net() as net:
        exchange = net.run()
        stream = net.streams[0]
        full = b"x" * stream.full_bytes
        stream.incoming.append(b"HTTP/1.1 200 OK\r\n\r\n".ljust(len(full), b"x"))
        stream.incoming.extend([full] * 1000)
        net.loop.fire(stream.fd, IOLoop.READ)
        assert 0 < len(exchange.content) < 100 * len(full)


def test_a_response_without_length_ends_with_its_connection():
    """Without a length, its end is the connection's; a reset is none."""
    with Net() as net:
        exchange = net.run()
        net.streams[0].says(b"HTTP/1.1 200 OK\r\n\r\nall", b"")
        assert exchange.content == b"all" and exchange.error is None
        assert net.streams[0].closed
        exchange = net.run()
        net.streams[1].says(
            b"HTTP/1.1 200 OK\r\n\r\nsome", socket.error(errno.ECONNRESET, "reset"))
        assert exchange.failure is ReadError
