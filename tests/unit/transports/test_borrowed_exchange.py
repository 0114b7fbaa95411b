"""The clock and the limits of an exchange on a borrowed client; time by hand."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

from waterspout.exceptions import (
    BodyTimeout,
    ConnectTimeout,
    ContentDecodingError,
    DeadlineExceeded,
    IncompleteBody,
    LocalProtocolError,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    ResponseTooLarge,
    WriteError,
    WriteTimeout,
)
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout
from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange

HEAD = (b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", b"\r\n")


@pytest.fixture
def begin(loop):
    """Make an exchange; `stopped` counts how often its client was told to give up."""
    def begin(timeout=None, deadline=None, max_body_bytes=1000):
        request = PreparedRequest("POST", "http://a.example/b")
        options = CallOptions(ClientTimeout.of(timeout), deadline)
        exchange = BorrowedExchange(
            request, options, loop, Limits(max_body_bytes=max_body_bytes))
        exchange.stopped = []
        exchange.stop = lambda: exchange.stopped.append(True)
        return exchange

    return begin


def feed(exchange, *lines):
    for line in lines:
        exchange.line_received(line)


def assert_failed(exchange, error_class, phase):
    error = exchange.future.exception()
    assert (type(error), error.phase) == (error_class, phase)
    assert error.may_have_been_sent is (phase in ("send", "read"))
    assert exchange.stopped == [True] and exchange.over


def test_a_whole_response_resolves_the_future(begin):
    """Status, header fields and body; the client is not told to stop."""
    exchange = begin()
    exchange.timeouts.connecting()
    feed(exchange, *HEAD)
    exchange.body_received(b"bo")
    exchange.body_received(b"dy")
    exchange.succeed()
    response = exchange.future.result()
    assert (response.status_code, response.headers["X-A"], response.content) == (200, "1", b"body")
    assert exchange.stopped == []


def test_connecting_has_its_limit(begin, loop):
    """``timeout.connect``, until the client says that the connection stands."""
    exchange = begin(timeout=(3, 10))
    exchange.timeouts.connecting()
    loop.advance(2.9)
    assert not exchange.over
    loop.advance(0.1)
    assert_failed(exchange, ConnectTimeout, "connect")


def test_a_client_may_be_asked_whether_its_connection_stands(begin, loop):
    """One that does not say so by itself: then it is reading that runs out, from then on."""
    took = []
    exchange = begin(timeout=(3, 10))
    exchange.timeouts.connecting(lambda: took[0] if took else None)
    loop.advance(1)
    took.append(0.5)
    loop.advance(9.4)
    assert not exchange.over and exchange.timeouts.phase == "read"
    loop.advance(0.2)
    assert_failed(exchange, ReadTimeout, "read")


def test_reading_has_its_limit_from_each_byte_on(begin, loop):
    """``timeout.read`` is for silence, not for the whole response."""
    exchange = begin(timeout=(3, 10))
    exchange.timeouts.connecting()
    exchange.timeouts.connected()
    for line in HEAD[:2]:
        loop.advance(9)
        feed(exchange, line)
    loop.advance(9.9)
    assert not exchange.over
    loop.advance(0.2)
    assert_failed(exchange, ReadTimeout, "read")


def test_silence_within_the_body_is_a_body_timeout(begin, loop):
    """requests has a ConnectionError for it."""
    exchange = begin(timeout=(3, 10))
    exchange.timeouts.connecting()
    feed(exchange, *HEAD)
    loop.advance(10)
    assert_failed(exchange, BodyTimeout, "read")


def test_sending_has_the_limit_of_reading(begin, loop):
    """A server that takes no byte; while the caller makes the next piece, nothing runs."""
    exchange = begin(timeout=(3, 10))
    exchange.timeouts.connecting()
    exchange.timeouts.connected()
    exchange.timeouts.awaiting_body()
    loop.advance(100)
    assert not exchange.over
    exchange.timeouts.sending()
    loop.advance(10)
    assert_failed(exchange, WriteTimeout, "send")


def test_an_answer_before_the_whole_body_ends_sending(begin, loop):
    """The server may answer early; from then on it is reading."""
    exchange = begin(timeout=(3, 10))
    exchange.timeouts.connecting()
    exchange.timeouts.connected()
    exchange.timeouts.sending()
    feed(exchange, HEAD[0])
    assert exchange.timeouts.phase == "read"


@pytest.mark.parametrize("phase", ["pool", "connect", "send", "read"])
def test_a_deadline_ends_the_exchange_in_any_phase(begin, loop, phase):
    """``timeout.total``, whatever else runs."""
    exchange = begin(ClientTimeout(total=5), deadline=loop.now + 5)
    if phase != "pool":
        exchange.timeouts.connecting()
    if phase in ("send", "read"):
        exchange.timeouts.connected()
    if phase == "send":
        exchange.timeouts.sending()
    loop.advance(5)
    assert_failed(exchange, DeadlineExceeded, phase)


def test_connecting_ends_with_the_deadline_for_a_client_that_keeps_the_time(begin, loop):
    """The smaller one of both limits; None where there is none."""
    assert begin(timeout=(3, 10), deadline=loop.now + 2).timeouts.seconds_to_connect() == 2
    assert begin(timeout=(3, 10)).timeouts.seconds_to_connect() == 3
    assert begin().timeouts.seconds_to_connect() is None
    assert begin(deadline=loop.now - 1).timeouts.seconds_to_connect() > 0


def test_no_limit_means_no_timer(begin, loop):
    """``timeout=None``."""
    exchange = begin()
    exchange.timeouts.connecting()
    exchange.timeouts.connected()
    assert loop.timers == []


@pytest.mark.parametrize("succeeds", [True, False])
def test_the_end_of_an_exchange_leaves_no_timer(begin, loop, current_loop, succeeds):
    """The IOLoop would keep it, and the response with it, until it is due."""
    exchange = begin(timeout=(3, 10), deadline=loop.now + 60)
    exchange.timeouts.connecting()
    feed(exchange, *HEAD)
    assert len(loop.timers) == 2
    exchange.succeed() if succeeds else exchange.fail(ReadError, "reset")
    assert (exchange.future.exception() is None) is succeeds
    current_loop.run_sync(lambda: gen.sleep(0))
    assert loop.timers == []


@pytest.mark.parametrize("lines, error_class", [
    ((), ReadError), (HEAD[:2], ReadError), (HEAD, IncompleteBody)])
def test_a_connection_that_ends_is_told_by_how_far_it_came(begin, lines, error_class):
    """Within the body it is another error, as in requests."""
    exchange = begin()
    exchange.timeouts.connecting()
    exchange.timeouts.connected()
    feed(exchange, *lines)
    exchange.fail(ReadError, "the server closed the connection")
    assert_failed(exchange, error_class, "read")


def test_a_response_that_ends_within_its_head_is_no_response(begin):
    """Though the client thinks so."""
    exchange = begin()
    exchange.timeouts.connecting()
    feed(exchange, HEAD[0])
    exchange.succeed()
    assert_failed(exchange, ReadError, "read")


def test_a_connection_that_breaks_while_sending_is_a_write_error(begin):
    """The client knows no difference."""
    exchange = begin()
    exchange.timeouts.connecting()
    exchange.timeouts.connected()
    exchange.timeouts.sending()
    exchange.fail(ReadError, "reset")
    assert_failed(exchange, WriteError, "send")


def test_a_body_beyond_the_limit_ends_the_exchange(begin):
    """At the byte that is too many."""
    exchange = begin(max_body_bytes=4)
    exchange.timeouts.connecting()
    feed(exchange, *HEAD)
    exchange.body_received(b"body")
    assert not exchange.over
    exchange.body_received(b"!")
    assert_failed(exchange, ResponseTooLarge, "read")


def test_a_head_that_cannot_be_accepted_ends_the_exchange(begin):
    """With what the head reader says."""
    exchange = begin()
    exchange.timeouts.connecting()
    feed(exchange, b"nonsense\r\n")
    assert_failed(exchange, RemoteProtocolError, "read")


def test_a_body_in_another_coding_than_it_declares_fails(begin):
    """It is decoded once it is whole."""
    exchange = begin()
    exchange.timeouts.connecting()
    feed(exchange, HEAD[0], b"Content-Encoding: gzip\r\n", b"\r\n")
    exchange.body_received(b"not gzip")
    exchange.succeed()
    assert type(exchange.future.exception()) is ContentDecodingError


def test_an_error_of_the_callers_body_is_raised_as_it_is(begin):
    """It is the caller's own."""
    exchange, error = begin(), KeyError("broken")
    exchange.raised(error)
    assert exchange.future.exception() is error and exchange.stopped == [True]


def test_a_request_that_the_client_refuses_is_a_local_protocol_error(begin):
    """LocalProtocolError, with the client's error as its cause."""
    exchange, cause = begin(), ValueError("cannot")
    exchange.refused(cause)
    error = exchange.future.exception()
    assert type(error) is LocalProtocolError and error.__cause__ is cause


def test_an_exchange_ends_once(begin):
    """What comes afterwards changes nothing."""
    exchange = begin()
    exchange.timeouts.connecting()
    exchange.fail(ReadError, "first")
    exchange.fail(RemoteProtocolError, "second")
    exchange.succeed()
    assert type(exchange.future.exception()) is ReadError and exchange.stopped == [True]


def test_a_trace_has_what_the_client_told(begin, loop):
    """Seconds of each step; what it did not tell is None."""
    exchange = begin()
    loop.advance(1)
    exchange.timeouts.connecting()
    exchange.opened(connected=0.5)
    loop.advance(2)
    feed(exchange, *HEAD)
    loop.advance(1)
    exchange.succeed()
    trace = exchange.future.result().trace
    assert (trace.queue, trace.connect, trace.first_byte, trace.body, trace.total) == (
        1, 0.5, 1.5, 1, 4)
    assert trace.reused is False and trace.tls is None
