"""How long a stop waits for requests and idle connections."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._server import drain
from waterspout.service._server.drain import Drain


class Server(object):
    """Counts requests in flight, heads that are not complete, and idle connections."""

    def __init__(self, in_flight=0, idle=0, heads=0):
        self.in_flight, self.idle, self.heads = in_flight, idle, heads

    def on_idle_closed(self):
        pass

    def partial_heads(self):
        return self.heads

    def close_idle_connections(self):
        self.idle = 0
        return self.on_idle_closed()

    @property
    def is_busy(self):
        return bool(self.in_flight or self.idle or self.heads)


class Application(object):
    def watch_progress(self, on_progress):
        self.on_progress = on_progress


@pytest.fixture
def stop(io_loop):
    """Drain a server; ``progress`` is called on the loop while it waits."""

    def stop(server, timeout, progress=None):
        application = Application()
        draining = Drain(server, application)
        if progress is not None:
            def call():
                progress(server)
                application.on_progress()

            io_loop.add_callback(call)
        return io_loop.run_sync(lambda: draining.finish_requests(timeout))

    return stop


def test_server_without_connections_stops_at_once(stop):
    """Nothing is cut off."""
    assert stop(Server(), 3600) == 0


def test_stop_ends_with_the_last_request(stop):
    """Long before the timeout, which may be infinite."""
    def end(server):
        server.in_flight = 0

    assert stop(Server(in_flight=2), float("inf"), end) == 0


def test_requests_after_the_timeout_are_counted(stop):
    """They are cut off by the server then."""
    assert stop(Server(in_flight=2), 0.01) == 2


def test_idle_connections_get_a_short_time_only(stop, monkeypatch):
    """`IDLE_GRACE`, although the timeout is long."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0.01)
    assert stop(Server(idle=3), 3600) == 0


def test_idle_connections_are_closed_before_the_last_request_ends(io_loop, monkeypatch):
    """They do not have to wait for it."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0)
    server, application = Server(in_flight=1, idle=3), Application()

    def end():
        server.in_flight = 0
        application.on_progress()

    def on_idle_closed():
        io_loop.add_callback(end)

    server.on_idle_closed = on_idle_closed
    draining = Drain(server, application)
    assert io_loop.run_sync(lambda: draining.finish_requests(3600)) == 0
    assert server.idle == 0


def test_request_that_has_just_come_is_waited_for(io_loop, monkeypatch):
    """Its connection was idle a moment ago; nothing was read from it yet."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0)
    server, application, calls = Server(idle=1), Application(), []

    def end():
        server.in_flight = 0
        calls.append("answered")
        application.on_progress()

    def begin():
        server.in_flight = 1
        io_loop.call_later(0.001, end)

    def on_idle_closed():
        calls.append("asked")
        if len(calls) == 1:
            server.idle = 1
            io_loop.add_callback(begin)
        return len(calls) == 1

    server.on_idle_closed = on_idle_closed
    draining = Drain(server, application)
    assert io_loop.run_sync(lambda: draining.finish_requests(3600)) == 0
    assert (calls[0], calls[-1]) == ("asked", "answered")


def test_head_that_has_begun_is_waited_for(stop, monkeypatch):
    """Its connection is not idle, although no request is known yet."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0)
    seen = []

    def end(server):
        seen.append("waited")
        server.heads = 0

    assert stop(Server(heads=1), 3600, end) == 0
    assert seen == ["waited"]


def test_head_that_does_not_end_is_not_counted(stop, monkeypatch):
    """The drain ends in time; nothing is known to have been cut off."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0)
    assert stop(Server(heads=1), 0.01) == 0


def test_handlers_that_were_cut_off_get_a_bounded_time(io_loop):
    """They end, or the time is over."""
    draining = Drain(Server(in_flight=1), Application())
    io_loop.run_sync(lambda: draining.end_handlers(0.01))
