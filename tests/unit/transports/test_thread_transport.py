"""The transport on worker threads, with an executor that works when the test says so."""

from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop

from waterspout._routes.route import Route
from waterspout.exceptions import (
    ConnectError,
    ConnectionError,
    ConnectTimeout,
    ReadTimeout,
    Unsupported,
)
from waterspout.limits import Limits
from waterspout.models.call_options import CallOptions
from waterspout.models.prepared_request import PreparedRequest
from waterspout.timeouts import ClientTimeout

requests = pytest.importorskip("requests")
transport_module = pytest.importorskip("waterspout.transports.threads.transport")


class Executor(object):
    """Keeps the work; `refuses` is what it raises when it can start no thread."""

    refuses = None

    def __init__(self, workers):
        self.workers = workers
        self.work = []
        self.shut_down = []

    def submit(self, work):
        self.work.append(work)
        if self.refuses is not None:
            raise self.refuses

    def shutdown(self, wait):
        self.shut_down.append(wait)


class Adapter(object):
    """In the place of requests' adapter: notes routes, raises what the test says."""

    made = []
    error = requests.exceptions.ReadTimeout("slow")

    def __init__(self, route):
        self.route = route
        self.closed = 0
        self.made.append(self)

    def perform(self, request, timeout):
        raise self.error

    def close(self):
        self.closed += 1


@pytest.fixture
def transport(current_loop, monkeypatch):
    monkeypatch.setattr(transport_module, "ThreadPoolExecutor", Executor)
    monkeypatch.setattr(transport_module, "RouteAdapter", Adapter)
    monkeypatch.setattr(Adapter, "made", [])
    return transport_module.ThreadTransport(FakeLoop(), Limits(max_workers=2))


def send(transport, data=None, route=None, timeout=(3, 10)):
    options = CallOptions(ClientTimeout.of(timeout), route=route)
    return transport.send(PreparedRequest("POST", "http://a.example/", data=data), options)


def work(transport):
    """Have a thread do what waits; then the IOLoop gets what came of it."""
    transport._executor.work.pop(0)()
    transport.io_loop.run_callbacks()


@pytest.mark.parametrize("error, expected", [
    (requests.exceptions.ConnectTimeout("slow"), ConnectTimeout),
    (requests.exceptions.ReadTimeout("slow"), ReadTimeout)])
def test_an_error_of_a_thread_fails_the_call(transport, monkeypatch, error, expected):
    """On the IOLoop, when the thread is back; its place is free then."""
    monkeypatch.setattr(Adapter, "error", error)
    call = send(transport)
    assert not call.done() and "active=1/2" in repr(transport)
    work(transport)
    assert type(call.exception()) is expected and "active=0/2" in repr(transport)


def test_threads_are_limited_and_the_rest_waits(transport):
    """``max_workers``."""
    calls = [send(transport) for _ in range(3)]
    assert transport._executor.workers == 2 and len(transport._executor.work) == 2
    work(transport)
    assert len(transport._executor.work) == 2 and calls[0].done() and not calls[2].done()


def test_an_executor_that_starts_no_thread_fails_the_call(transport):
    """ConnectError, since nothing was sent; the work is not done later either."""
    transport._executor.refuses = RuntimeError("can't start new thread")
    call = send(transport)
    transport.io_loop.run_callbacks()
    error = call.exception()
    assert type(error) is ConnectError and not error.may_have_been_sent
    work(transport)
    assert Adapter.made == []


def test_a_thread_keeps_an_adapter_for_each_route(transport):
    """Its connections serve that route alone."""
    for route in (None, Route(verify=False), None, Route(verify=False)):
        send(transport, route=route)
        work(transport)
    assert [each.route for each in Adapter.made] == [None, Route(verify=False)]


def test_adapters_of_too_many_routes_are_closed(transport):
    """A program that makes a route for each call keeps no connection of each."""
    for number in range(transport_module._ROUTES + 1):
        send(transport, route=Route(verify="/ca/%d" % number))
        work(transport)
    assert [each.closed for each in Adapter.made] == [1] * transport_module._ROUTES + [0]


def test_closing_waits_for_no_thread(transport):
    """Nothing can stop one; when it is back, its result is dropped."""
    call = send(transport)
    assert transport.close().done() and call.done()
    assert transport._executor.shut_down == [False]
    work(transport)
    assert type(call.exception()) is ConnectionError


class Asynchronous(object):
    """Has what an asynchronous iterator has."""

    def __aiter__(self):
        return self


def test_an_asynchronous_body_is_refused(transport):
    """A thread cannot wait on the IOLoop."""
    with pytest.raises(Unsupported, match="the threads transport cannot do an asynchronous"):
        send(transport, data=Asynchronous())
