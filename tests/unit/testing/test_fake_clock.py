"""FakeClock: time passes when the test says so, in the library and on the IOLoop."""

from __future__ import absolute_import, division, print_function

import datetime
import logging
import time

import pytest
from tornado import gen, web
from tornado.httpserver import HTTPServer
from tornado.ioloop import PeriodicCallback
from tornado.testing import bind_unused_port

import waterspout
from waterspout import _compat
from waterspout._compat.current_loop import running_io_loop
from waterspout.cookies import retrieval
from waterspout.testing import FakeClock, MockTransport
from waterspout.transports import sharing

URL = "http://host.test/a"


def on_loop(io_loop):
    """Run the decorated coroutine function now."""
    return lambda function: io_loop.run_sync(gen.coroutine(function), timeout=10)


def test_timers_run_in_order_at_their_time(io_loop):
    """Of the IOLoop, of coroutines, and what they set themselves."""
    called = []

    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            def note(name):
                called.append((name, round(clock.elapsed, 6)))

            @gen.coroutine
            def sleeper():
                for _ in range(3):
                    yield gen.sleep(2)
                    note("slept")

            io_loop.call_later(3, note, "later")
            io_loop.call_at(io_loop.time() + 5, note, name="at")
            io_loop.add_timeout(datetime.timedelta(seconds=1), io_loop.call_later, 0.5, note, "in")
            io_loop.call_later(0, note, "now")
            io_loop.remove_timeout(io_loop.call_later(2, note, "removed"))
            sleeping = sleeper()
            assert called == []
            yield clock.advance(4.5)
            assert not sleeping.done()
            yield clock.advance(1.5)
            assert sleeping.done() and clock.elapsed == pytest.approx(6)

    assert called == [("now", 0), ("in", 1.5), ("slept", 2), ("later", 3), ("slept", 4), ("at", 5),
                      ("slept", 6)]


def test_timers_due_at_once_run_as_they_were_set(io_loop):
    called = []

    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            for number in range(5):
                io_loop.call_later(1, called.append, number)
            yield clock.advance(1)

    assert called == list(range(5))


def test_periodic_callbacks(io_loop):
    called = []

    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            periodic = PeriodicCallback(lambda: called.append(round(clock.elapsed, 3)), 250)
            periodic.start()
            yield clock.advance(1)
            periodic.stop()
            yield clock.advance(10)

    assert called == [0.25, 0.5, 0.75, 1.0]


def test_a_failing_callback_is_logged_and_the_next_one_runs(io_loop, caplog):
    called = []

    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            io_loop.call_later(1, lambda: 1 // 0)
            io_loop.call_later(1, called.append, 1)
            with caplog.at_level(logging.CRITICAL, "tornado.application"):
                yield clock.advance(1)

    assert called == [1]


def test_time_stands_still(io_loop):
    @on_loop(io_loop)
    def run():
        real = time.time()
        with FakeClock() as clock:
            start = io_loop.time(), _compat.monotonic(), retrieval.time.time()
            assert abs(start[2] - real) < 5
            yield gen.moment
            assert (io_loop.time(), _compat.monotonic(), retrieval.time.time()) == start
            yield clock.advance(3600)
            now = io_loop.time(), _compat.monotonic(), retrieval.time.time()
            assert [later - earlier for later, earlier in zip(now, start)] == [
                pytest.approx(3600)] * 3
            assert abs(time.time() - real) < 60  # That of others is as it is.
        assert abs(retrieval.time.time() - real) < 60


def test_everything_is_restored(io_loop):
    """Every name of every module, and the IOLoop's methods."""
    monotonic, loops = _compat.monotonic, []

    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            yield clock.advance(1)
            assert sharing.monotonic == clock.monotonic and retrieval.time is not time
            loops.append(set(vars(io_loop)))
        assert sharing.monotonic is monotonic and _compat.monotonic is monotonic
        assert retrieval.time is time and _compat.cookiejar.time is time
        assert not {"time", "call_later", "call_at"} & set(vars(io_loop))

    assert "call_later" in loops[0]


def test_limits_of_the_test_itself_are_real(io_loop):
    """`run_sync` and `gen_test` set theirs before the IOLoop runs: an hour does not pass there."""
    clock = FakeClock()
    with clock:
        for _ in range(2):
            io_loop.run_sync(lambda: clock.advance(3600), timeout=5)
        assert clock.elapsed == 7200
        with pytest.raises(Exception, match="(?i)timed out"):
            io_loop.run_sync(lambda: gen.sleep(1), timeout=0.01)


def test_timers_set_before_are_real(io_loop):
    called = []

    @on_loop(io_loop)
    def run():
        io_loop.call_later(3600, called.append, 1)
        with FakeClock() as clock:
            yield clock.advance(7200)

    assert called == []


def test_timers_that_are_left_become_real(io_loop):
    """At the end of the block, with the time that they have left; cancelled ones do not run."""
    called = []

    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            io_loop.call_later(100, called.append, "left")
            cancelled = io_loop.call_later(100, called.append, "cancelled")
            yield clock.advance(99.99)
        io_loop.remove_timeout(cancelled)
        yield gen.sleep(0.1)

    assert called == ["left"]


def test_every_phase_of_a_timeout(io_loop):
    timeout = waterspout.ClientTimeout(connect=2, read=5, pool=1, total=30)

    @on_loop(io_loop)
    def run():
        mock = MockTransport()
        mock.get("/connect").respond(connect_delay=60)
        mock.get("/read").never()
        mock.get("/total").respond(pieces=[(4, b"x")] * 20)
        session = waterspout.Session(transport=mock, timeout=timeout)
        with FakeClock() as clock:
            for path, seconds, error_class in (
                ("connect", 2, waterspout.ConnectTimeout),
                ("read", 5, waterspout.ReadTimeout),
                ("total", 30, waterspout.DeadlineExceeded),
            ):
                call = session.get("http://host.test/" + path)
                yield clock.advance(seconds - 0.01)
                assert not call.done(), path
                yield clock.advance(0.01)
                assert type(call.exception()) is error_class


def test_the_deadline_of_a_hook(io_loop):
    @on_loop(io_loop)
    def run():
        mock = MockTransport()
        mock.get("/a")
        session = waterspout.Session(transport=mock)
        with FakeClock() as clock:
            call = session.get(URL, timeout=waterspout.ClientTimeout(total=7),
                               hooks={"response": lambda response, **kwargs: gen.sleep(60)})
            yield clock.advance(6.9)
            assert not call.done()
            yield clock.advance(0.1)
            assert "hooks included" in str(call.exception())


def test_cookies_expire(io_loop):
    @on_loop(io_loop)
    def run():
        mock = MockTransport()
        mock.get("/login").respond(headers={"Set-Cookie": "session=1; Max-Age=60"})
        mock.get("/a")
        session = waterspout.Session(transport=mock)
        with FakeClock() as clock:
            yield session.get("http://host.test/login")
            for seconds, cookie in ((59, "session=1"), (2, None)):
                yield clock.advance(seconds)
                yield session.get(URL)
                assert mock.sent[-1].headers.get("Cookie") == cookie


class Handler(web.RequestHandler):
    @gen.coroutine
    def get(self):
        yield gen.sleep(float(self.get_argument("seconds", "0")))
        self.finish("x")


def test_a_server_in_the_process(io_loop):
    """Real sockets: the read timeout, a handler that sleeps, and connections that are idle."""
    @on_loop(io_loop)
    def run():
        socket, port = bind_unused_port()
        server = HTTPServer(web.Application([("/", Handler)]))
        server.add_socket(socket)
        url = "http://127.0.0.1:%d/" % port
        session = waterspout.Session(timeout=(3, 10), max_idle=60)
        with FakeClock() as clock:
            slow, late = session.get(url + "?seconds=9"), session.get(url + "?seconds=11")
            yield clock.advance(0)
            yield clock.advance(11)
            assert slow.result().ok and type(late.exception()) is waterspout.ReadTimeout
            origin = "http://127.0.0.1:%d" % port
            assert session.stats()[origin]["idle"] == 1
            yield clock.advance(59)
            assert session.stats() == {}
        yield session.close()
        server.stop()


def test_an_unused_transport_of_sdks_is_closed(io_loop):
    """`max_idle` seconds after the last of them."""
    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            sdk = waterspout.BaseSDK("127.0.0.1:1", max_idle=60)
            with pytest.raises(waterspout.ConnectError):
                yield sdk.fetch_async("GET", "/a")
            entries = getattr(io_loop, sharing._ATTRIBUTE)._entries
            yield sdk.close()
            yield clock.advance(59)
            assert len(entries) == 1
            yield clock.advance(1)
            assert len(entries) == 0


def test_misuse_is_refused(io_loop):
    @on_loop(io_loop)
    def run():
        clock = FakeClock()
        with pytest.raises(RuntimeError, match="not in use"):
            yield clock.advance(1)
        with clock:
            with pytest.raises(RuntimeError, match="another FakeClock"):
                FakeClock().__enter__()
            for seconds in (-1, float("inf"), float("nan")):
                with pytest.raises(ValueError):
                    yield clock.advance(seconds)
            first = clock.advance(1)
            with pytest.raises(RuntimeError, match="under way"):
                yield clock.advance(1)
            yield first
        with clock:  # Again, where it stood.
            yield clock.advance(1)
            assert clock.elapsed == 2


def test_a_loop_that_never_rests(io_loop):
    """Rather an error than a test that hangs."""
    stopped = []

    def again():
        if not stopped:
            io_loop.add_callback(again)

    @on_loop(io_loop)
    def run():
        with FakeClock() as clock:
            again()
            with pytest.raises(RuntimeError, match="never comes to rest"):
                yield clock.advance(1)
            stopped.append(True)
            yield clock.advance(1)


def test_no_loop_runs_here():
    """Entering needs no IOLoop, and makes none."""
    with FakeClock() as clock:
        before = _compat.monotonic()
        assert clock.elapsed == 0.0 and _compat.monotonic() == before
        assert running_io_loop() is None
