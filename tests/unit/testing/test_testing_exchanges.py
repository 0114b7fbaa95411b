"""Exchanges that are answered in this process: limits, delays and their ends are a server's."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

import waterspout
from waterspout._compat import Future
from waterspout.testing import FakeClock
from waterspout.testing._exchanges.answer import Answer, play
from waterspout.testing._exchanges.in_process_transport import InProcessTransport
from waterspout.testing._exchanges.request_body import collect_body

URL = "http://host.test/"
LARGE = b"x" * (1024 * 1024)


class Scripted(InProcessTransport):
    """Answers every request with one `Answer`, and counts the calls that have ended."""

    def __init__(self, answer):
        self.script = answer
        self.begun = self.ended = 0
        self.bodies = []

    def answer(self, exchange, finished):
        self.begun += 1

        def count():
            self.ended += 1
            finished()

        exchange.stop = count

        def collected(body):
            self.bodies.append(body)
            play(exchange, self.script, self.io_loop, count)

        collect_body(exchange, collected)

    def transport_for(self, io_loop, limits):
        self.io_loop = io_loop
        return super(Scripted, self).transport_for(io_loop, limits)


def on_clock(io_loop, answer, script, **options):
    """Run the coroutine ``script(session, clock)``; return the transport."""
    transport = Scripted(answer)

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=transport, **options)
        with FakeClock() as clock:
            yield script(session, clock)

    io_loop.run_sync(run)
    return transport


def pieces_of(*pieces):
    for piece in pieces:
        yield piece


@pytest.mark.parametrize("data", [None, b"abc", lambda: pieces_of(b"a", b"bc")])
def test_connect_delay_runs_into_the_connect_timeout(io_loop, data):
    """Also after a body that was read while it was sent."""
    @gen.coroutine
    def script(session, clock):
        call = session.post(URL, data=data() if callable(data) else data, timeout=(3, 60))
        yield clock.advance(2.9)
        assert not call.done()
        yield clock.advance(0.1)
        assert type(call.exception()) is waterspout.ConnectTimeout
        assert call.exception().phase == "connect"

    transport = on_clock(io_loop, Answer(connect_delay=10), script)
    assert transport.ended == 1


def test_time_to_give_the_body_is_the_callers_own(io_loop):
    """The connect limit begins with the end of the body, as nothing is connected before."""
    @gen.coroutine
    def script(session, clock):
        slow = Future()
        call = session.post(URL, data=iter([b"a", slow]), timeout=(3, 60))
        yield clock.advance(100)
        assert not call.done()
        slow.set_result(b"b")
        yield clock.advance(2)
        assert (yield call).ok

    transport = on_clock(io_loop, Answer(connect_delay=2), script)
    assert transport.bodies == [b"ab"] and transport.ended == 1


def test_delays_are_in_the_trace(io_loop):
    """Connecting, waiting for the head and the body have their seconds."""
    @gen.coroutine
    def script(session, clock):
        call = session.get(URL)
        yield clock.advance(7)
        trace = (yield call).trace
        assert [trace.connect, trace.first_byte, trace.body] == [
            pytest.approx(1), pytest.approx(2), pytest.approx(4)]

    on_clock(io_loop, Answer(pieces=[(4, b"x")], connect_delay=1, head_delay=2), script)


def test_no_delay_is_no_time_to_connect(io_loop):
    @gen.coroutine
    def script(session, clock):
        trace = (yield session.get(URL)).trace
        assert trace.connect is None and trace.total == pytest.approx(0)

    on_clock(io_loop, Answer(), script)


def test_the_end_of_a_pause_does_not_shorten_a_delay(io_loop):
    """The reader of a stream catches up while the next piece is not due yet."""
    @gen.coroutine
    def script(session, clock):
        response = yield session.get(URL, stream=True)
        yield clock.advance(0)
        pieces = response.iter_content()
        assert (yield pieces.next()) == LARGE  # The pause ends here.
        last = pieces.next()
        yield clock.advance(4.9)
        assert not last.done()
        yield clock.advance(0.1)
        assert (yield last) == b"end"

    transport = on_clock(io_loop, Answer(pieces=[(0, LARGE), (5, b"end")]), script)
    assert transport.ended == 1


def test_nothing_is_sent_to_a_reader_who_pauses(io_loop):
    """Each piece waits until the one before it was read."""
    @gen.coroutine
    def script(session, clock):
        response = yield session.get(URL, stream=True, timeout=1)
        yield clock.advance(60)  # While it pauses no limit runs.
        pieces = response.iter_content()
        received = []
        while True:
            piece = yield pieces.next()
            if not piece:
                break
            received.append(len(piece))
        assert received == [len(LARGE)] * 3

    transport = on_clock(io_loop, Answer(pieces=[(0, LARGE)] * 3), script)
    assert transport.ended == 1


def test_a_body_over_the_limit_ends_the_exchange(io_loop):
    @gen.coroutine
    def script(session, clock):
        with pytest.raises(waterspout.ResponseTooLarge):
            yield session.get(URL)

    transport = on_clock(
        io_loop, Answer(pieces=[(0, b"x" * 10)] * 3), script, max_body_bytes=15)
    assert transport.ended == 1


@pytest.mark.parametrize("stream", [False, True])
def test_a_head_that_is_refused_ends_the_exchange(io_loop, stream):
    """The same strictness as with a server."""
    @gen.coroutine
    def script(session, clock):
        with pytest.raises(waterspout.RemoteProtocolError):
            yield session.get(URL, stream=stream)

    answer = Answer(headers=[("X-A", "a\x00b")], pieces=[(0, b"x")])
    assert on_clock(io_loop, answer, script).ended == 1


@pytest.mark.parametrize("phase, error_class, in_phase, sent", [
    ("pool", waterspout.PoolTimeout, "pool", False),
    ("connect", waterspout.ConnectError, "connect", False),
    ("send", waterspout.WriteError, "send", True),
    ("read", waterspout.ReadError, "read", True),
    ("body", waterspout.IncompleteBody, "read", True),
])
def test_failures_have_the_phase_in_which_they_happen(
        io_loop, phase, error_class, in_phase, sent):
    @gen.coroutine
    def script(session, clock):
        error = yield failure_of(session.get(URL))
        assert type(error) is error_class
        assert (error.phase, error.may_have_been_sent) == (in_phase, sent)

    exchange_class = waterspout.ReadError if phase == "body" else error_class
    answer = Answer(failure=(phase, exchange_class, "made to"))
    assert on_clock(io_loop, answer, script).ended == 1


@gen.coroutine
def failure_of(future):
    try:
        yield future
    except waterspout.RequestException as error:
        raise gen.Return(error)
    raise AssertionError("it did not fail")


def test_a_call_that_fails_while_its_body_is_read_frees_its_place(io_loop):
    """The next of two calls with one place is answered."""
    @gen.coroutine
    def script(session, clock):
        call = session.post(URL, data=iter([b"a", Future()]), timeout=waterspout.ClientTimeout(
            total=5))
        yield clock.advance(5)
        assert type(call.exception()) is waterspout.DeadlineExceeded
        assert (yield session.get(URL)).ok

    transport = on_clock(io_loop, Answer(), script, max_connections=1)
    assert (transport.begun, transport.ended) == (2, 2)


def test_a_body_that_raises_frees_its_place(io_loop):
    def failing():
        yield b"a"
        raise KeyError("of the program")

    @gen.coroutine
    def script(session, clock):
        with pytest.raises(KeyError):
            yield session.post(URL, data=failing())
        assert (yield session.get(URL)).ok

    transport = on_clock(io_loop, Answer(), script, max_connections=1)
    assert (transport.begun, transport.ended) == (2, 2)


def test_closing_a_session_ends_its_calls_and_no_others(io_loop):
    transport = Scripted(Answer(never=True))

    @gen.coroutine
    def run():
        sessions = [waterspout.Session(transport=transport) for _ in range(2)]
        with FakeClock() as clock:
            calls = [each.get(URL, timeout=None) for each in sessions]
            yield clock.advance(0)
            yield sessions[0].close()
            yield clock.advance(0)
            assert isinstance(calls[0].exception(), waterspout.ConnectionError)
            assert not calls[1].done()
            yield sessions[1].close()

    io_loop.run_sync(run)
    assert transport.ended == 2


def test_a_transport_that_sets_no_stop_gives_its_place_back(io_loop):
    """`finished` is called for it where the call fails."""
    class Deaf(InProcessTransport):
        def answer(self, exchange, finished):
            pass

    @gen.coroutine
    def run():
        session = waterspout.Session(transport=Deaf(), max_connections=1, timeout=1)
        with FakeClock() as clock:
            for _ in range(2):
                call = session.get(URL)
                yield clock.advance(1)
                assert type(call.exception()) is waterspout.ConnectTimeout

    io_loop.run_sync(run)
