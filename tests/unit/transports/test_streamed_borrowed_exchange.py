"""An exchange on a borrowed client whose body is pulled: pauses, ends, time by hand."""

from __future__ import absolute_import, division, print_function

import gc

import pytest
from tornado import gen

from waterspout.constants import STREAM_BUFFER_BYTES
from waterspout.exceptions import BodyTimeout, DeadlineExceeded, IncompleteBody, ReadError
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports.borrowed.streamed_borrowed_exchange import StreamedBorrowedExchange

HEAD = (b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", b"\r\n")


@pytest.fixture
def begin(loop):
    """Make an exchange that is connected; `told` has what its client was told."""
    def begin(timeout=None, deadline=None):
        options = CallOptions(ClientTimeout.of(timeout), deadline, stream=True)
        request = PreparedRequest("GET", "http://a.example/b")
        exchange = StreamedBorrowedExchange(request, options, loop, Limits())
        exchange.told = []
        exchange.stop = lambda: exchange.told.append("stop")
        exchange.resumed = lambda: exchange.told.append("resume")
        exchange.timeouts.connecting()
        exchange.timeouts.connected()
        return exchange

    return begin


def response_of(exchange):
    """Feed a head; return the response that the call resolves to."""
    future = exchange.future
    for line in HEAD:
        exchange.line_received(line)
    return future.result()


def test_the_call_ends_at_the_head(begin):
    """The exchange does not."""
    exchange = begin()
    response = response_of(exchange)
    assert (response.status_code, response.headers["X-A"]) == (200, "1") and not exchange.over


def test_the_body_is_read_as_it_comes(begin):
    """Its end ends the exchange, and its client has nothing to stop."""
    exchange = begin()
    pieces = response_of(exchange).iter_content()
    exchange.body_received(b"1")
    assert pieces.next().result() == b"1"
    exchange.succeed()
    assert pieces.next().result() == b"" and exchange.over and exchange.told == []


def test_a_client_pauses_while_the_reader_is_slow(begin):
    """The client is told when it may go on."""
    exchange = begin()
    pieces = response_of(exchange).iter_content()
    exchange.body_received(b"x" * STREAM_BUFFER_BYTES)
    assert exchange.paused
    pieces.next()
    assert not exchange.paused and exchange.told == ["resume"]


def test_a_pause_of_the_reader_is_not_the_servers(begin, loop):
    """``timeout.read`` does not run meanwhile, and starts again behind it."""
    exchange = begin(timeout=(3, 10))
    pieces = response_of(exchange).iter_content()
    exchange.body_received(b"x" * STREAM_BUFFER_BYTES)
    loop.advance(100)
    assert not exchange.over
    pieces.next()
    loop.advance(9.9)
    assert not exchange.over
    loop.advance(0.2)
    assert exchange.over and type(pieces.next().exception()) is BodyTimeout


def test_a_deadline_ends_a_pause(begin, loop):
    """``timeout.total`` is for the whole call; the client may go on, to end."""
    exchange = begin(ClientTimeout(total=5), deadline=loop.now + 5)
    response = response_of(exchange)
    exchange.body_received(b"x" * STREAM_BUFFER_BYTES)
    loop.advance(5)
    assert exchange.over and exchange.told == ["stop", "resume"]
    pieces = response.iter_content()
    pieces.next()
    assert type(pieces.next().exception()) is DeadlineExceeded


def test_a_connection_that_breaks_fails_the_read(begin):
    """What came before is read first; the call itself has succeeded."""
    exchange = begin()
    pieces = response_of(exchange).iter_content()
    exchange.body_received(b"1")
    exchange.fail(ReadError, "reset")
    assert pieces.next().result() == b"1"
    assert type(pieces.next().exception()) is IncompleteBody and exchange.told == ["stop"]


def test_a_failure_before_the_head_fails_the_call(begin):
    """As in an exchange that is not streamed."""
    exchange = begin()
    exchange.fail(ReadError, "reset")
    assert type(exchange.future.exception()) is ReadError and exchange.over


def test_a_response_that_is_closed_stops_the_client(begin):
    """Once; what comes afterwards is nothing."""
    exchange = begin()
    response = response_of(exchange)
    response.close()
    exchange.body_received(b"late")
    exchange.succeed()
    response.close()
    assert exchange.over and exchange.told == ["stop"]


def test_a_response_that_is_dropped_stops_the_client(begin, current_loop):
    """Its body cannot be read any more."""
    exchange = begin()
    response_of(exchange)
    current_loop.run_sync(lambda: gen.sleep(0))  # Which has the callbacks of its Future.
    gc.collect()
    assert exchange.over and exchange.told == ["stop"]


def test_the_end_leaves_no_timer(begin, loop):
    """Neither that of the read nor that of the deadline."""
    exchange = begin(timeout=(3, 10), deadline=loop.now + 60)
    response = response_of(exchange)
    exchange.succeed()
    assert loop.timers == [] and response.read().result() == b""
