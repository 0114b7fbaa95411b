"""The end of a call whose response is streamed: when its body has ended, however it ended."""

from __future__ import absolute_import, division, print_function

import gc
import threading

import pytest
from client_fixtures import until
from noting_observer import NotingObserver
from raw_server import PATIENCE, Peer, answering, response, then
from tornado import gen
from tornado.ioloop import IOLoop

import waterspout
from waterspout._compat import PY2, monotonic

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


@pytest.fixture
def observer():
    return NotingObserver()


@pytest.fixture
def streaming(make_client, observer, transport):
    """A `Client` that streams, and whose calls ``observer`` is told of."""
    if transport == "curl":
        from waterspout.transports.curl.curl_upload import CAN_PAUSE

        if not CAN_PAUSE:
            pytest.skip("a pycurl before 7.45 cannot stream")
    client = make_client(observers=[observer])
    client.session.stream = True
    return client


def test_read_to_its_end(serve, streaming, observer):
    """Done, with the bytes and the time of the body."""
    answer = streaming.get(serve(answering(response(b"hello"))).url())
    assert streaming.run(answer.read) == b"hello"
    streaming.wait_until(lambda: observer.ends)
    name, done = observer.end
    assert name == "call_done" and done.response_bytes == 5
    trace, exchange = answer.trace, done.exchanges[0].trace
    assert (exchange.body, exchange.total) == (trace.body, trace.total) != (None, None)


def test_not_done_before_its_end_has_arrived(serve, streaming, observer):
    """The head is not the end; a body that arrives later is."""
    later = threading.Event()
    server = serve(then(HEAD, lambda peer: later.wait(PATIENCE), b"hello"))
    answer = streaming.get(server.url())
    streaming.wait_until(lambda: "first_byte" in observer.names)
    assert observer.ends == []
    later.set()
    assert streaming.run(answer.read) == b"hello"
    streaming.wait_until(lambda: observer.ends)
    assert observer.end[0] == "call_done"


@pytest.mark.parametrize("how", ["close", "drop"])
def test_given_up(serve, streaming, observer, how):
    """Closed or dropped before its end: cancelled, at once, with the time until then."""
    # A thread that reads cannot be stopped before its timeout.
    answer = streaming.get(serve(then(HEAD + b"he", Peer.hold)).url(), timeout=2)
    if how == "close":
        answer.close()
    gc.disable()
    try:
        del answer
        streaming.wait_until(lambda: observer.ends)
    finally:
        gc.enable()
    name, cancelled = observer.end
    assert name == "call_cancelled"
    trace = cancelled.exchanges[0].trace
    assert trace.total > 0 and trace.body is not None
    streaming.wait_until_idle()


class ThreadNotingObserver(NotingObserver):
    """Also keeps the threads in which it is told of ends."""

    def __init__(self):
        super(ThreadNotingObserver, self).__init__()
        self.threads = []

    def call_cancelled(self, detail):
        self.threads.append(threading.current_thread())
        super(ThreadNotingObserver, self).call_cancelled(detail)


@pytest.mark.skipif(PY2, reason="2.7 never collects a cycle with a __del__ in it")
@pytest.mark.parametrize("is_closed", [False, True])
def test_dropped_in_another_thread(serve, is_closed):
    """Garbage is collected in any thread; observers are told in the loop's, if it goes on."""
    io_loop, observer = IOLoop(make_current=False), ThreadNotingObserver()
    server = serve(then(HEAD + b"he", Peer.hold))
    session = waterspout.Session(observers=[observer])
    cycle = [io_loop.run_sync(lambda: session.get(server.url(), stream=True))]
    cycle.append(cycle)
    io_loop.run_sync(lambda: gen.moment)  # What waited for it lets go.
    gc.disable()
    try:
        del cycle
        if is_closed:
            io_loop.close()
        collector = threading.Thread(target=gc.collect)
        collector.start()
        collector.join()
    finally:
        gc.enable()
    dropped = monotonic()
    assert observer.ends == []
    if not is_closed:
        io_loop.run_sync(lambda: until(lambda: observer.ends))
        assert observer.threads == [threading.current_thread()]
        assert observer.end[0] == "call_cancelled" and observer.end[1].time <= dropped
        io_loop.run_sync(session.close)
        io_loop.close()
    session.forget_closed_loops()


def test_cut_off(serve, streaming, observer):
    """Failed, with the error that the reader gets."""
    answer = streaming.get(serve(then(HEAD + b"he")).url())
    with pytest.raises(waterspout.RequestException) as caught:
        streaming.run(answer.read)
    name, failed = observer.end
    assert name == "call_failed" and failed.error is caught.value
    assert failed.exchanges[0].trace.total > 0


def test_cut_off_while_a_hook_waits(serve, streaming, observer):
    """The body failed before the call had its response: the call has failed, not done."""
    server = serve(then(HEAD + b"he"))

    @gen.coroutine
    def hook(answer):
        with pytest.raises(waterspout.RequestException):
            yield answer.read()

    streaming.get(server.url(), hooks={"response": lambda answer, **kwargs: hook(answer)})
    assert observer.ends == ["call_failed"]


def test_read_timeout(serve, streaming, observer):
    """The server stops in the middle."""
    answer = streaming.get(serve(then(HEAD + b"he", Peer.hold)).url(), timeout=(PATIENCE, 0.15))
    with pytest.raises(waterspout.RequestException):
        streaming.run(answer.read)
    assert observer.ends == ["call_failed"]


def test_not_decodable(serve, streaming, observer):
    """Found while reading: failed if more was to come, done if all had arrived; one of them."""
    body = response(b"not gzip" * 1000, headers=[("Content-Encoding", "gzip")])
    answer = streaming.get(serve(answering(body)).url())
    with pytest.raises(waterspout.ContentDecodingError):
        streaming.run(answer.read)
    streaming.wait_until(lambda: observer.ends)
    assert observer.end[0] in ("call_failed", "call_done")


def test_too_large(serve, make_client, observer, streaming):
    """`read` keeps no more than the limit."""
    streaming.session.limits.max_body_bytes = 1000
    body = b"x" * 200000
    answer = streaming.get(serve(answering(response(body))).url())
    try:
        streaming.run(answer.read)
    except waterspout.RequestException:
        pass
    streaming.wait_until(lambda: observer.ends)
    assert observer.is_balanced()


def test_a_reader_that_is_slow(serve, streaming, observer):
    """Nothing is told while the connection pauses; done once the rest was read."""
    body = b"x" * 4000000
    answer = streaming.get(serve(answering(response(body))).url())
    assert observer.ends == []
    assert streaming.run(answer.read) == body
    streaming.wait_until(lambda: observer.ends)
    assert observer.end[0] == "call_done" and observer.end[1].response_bytes == len(body)


def test_a_session_closed_in_the_middle(serve, streaming, observer):
    """Failed: the session ended it, not the reader."""
    answer = streaming.get(serve(then(HEAD + b"he", Peer.hold)).url())

    @gen.coroutine
    def close():
        streaming.session.close()
        with pytest.raises(waterspout.RequestException):
            yield answer.read()
        yield until(lambda: observer.ends)

    streaming.run(close)
    assert observer.ends == ["call_failed"]


def test_no_body(serve, streaming, observer):
    """A 204 has ended with its head."""
    answer = streaming.get(serve(answering(response(status=204, length=False))).url())
    assert streaming.run(answer.read) == b""
    streaming.wait_until(lambda: observer.ends)
    assert observer.end[0] == "call_done" and not observer.end[1].response_bytes
