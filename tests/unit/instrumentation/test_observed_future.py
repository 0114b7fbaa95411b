"""Observed calls on a transport of the test's own: counts, cycles, and what a program gets."""

from __future__ import absolute_import, division, print_function

import gc

import pytest
from client_fixtures import new_io_loop
from hypothesis import given
from hypothesis import strategies as st
from noting_observer import NotingObserver
from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout._compat import FUTURES_CANCEL, reject, resolve
from waterspout._driver.observed_future import ObservedFuture
from waterspout.exceptions import ReadError

CANCEL = "cancel" if FUTURES_CANCEL else "fail"


class Transport(object):
    """Ends each exchange as its URL says, at once or in a later iteration."""

    def __init__(self, io_loop=None):
        self.waiting = []
        self._io_loop = io_loop

    def send(self, request, options):
        future = Future()
        how = request.url.rpartition("/")[2]
        if how.startswith("raise"):
            raise ReadError("at once")
        if how.startswith("now"):
            self.end(how[3:], request, future)
        else:
            self.waiting.append((how, request, future))
        return future

    def end_all(self):
        waiting, self.waiting = self.waiting, []
        for how, request, future in waiting:
            self.end(how, request, future)

    @staticmethod
    def end(how, request, future):
        if future.done():
            return
        if how == "fail":
            reject(future, ReadError("it failed"))
        else:
            headers = {"Location": "/ok"} if how == "redirect" else {}
            status = {"redirect": 302, "error": 500}.get(how, 200)
            resolve(future, waterspout.Response(
                request, status, "", waterspout.Headers(headers), b""))

    def close(self):
        for _, _, future in self.waiting:
            if not future.done():
                reject(future, ReadError("closed"))


class Gauge(object):
    """Counts active calls, as an exporter of metrics does."""

    active = 0

    def call_started(self, detail):
        self.active += 1

    def call_done(self, detail):
        self.active -= 1

    call_failed = call_cancelled = call_done


OUTCOMES = ["ok", "error", "fail", "redirect", "nowok", "nowfail", "nowredirect", "raise",
            "bad url", "hook fails", CANCEL]


def hook_that_fails(answer, **kwargs):
    raise KeyError()


@given(st.lists(st.sampled_from(OUTCOMES), max_size=12))
def test_each_call_ends_once(outcomes):
    """Whatever happens: started == done + failed + cancelled, and none is active."""
    noting, gauge = NotingObserver(), Gauge()
    with new_io_loop() as io_loop:
        io_loop.run_sync(lambda: run(outcomes, [noting, gauge]))
    assert noting.is_balanced() and gauge.active == 0
    assert len(noting.details("call_started")) == len(outcomes)
    # A call that is cancelled has been refused or ended before, or is cancelled.
    assert len(noting.details("call_failed")) == sum(
        "fail" in each or each in ("raise", "bad url") for each in outcomes)


@gen.coroutine
def run(outcomes, observers):
    transport = Transport()
    session = waterspout.Session(transport=transport, observers=observers)
    calls = []
    for outcome in outcomes:
        url = "nonsense" if outcome == "bad url" else "http://h/" + outcome
        hooks = {"response": hook_that_fails} if outcome == "hook fails" else None
        calls.append(session.get(url.replace("hook fails", "ok"), hooks=hooks))
        if outcome == "cancel":
            calls[-1].cancel()
    while not all(call.done() for call in calls):
        transport.end_all()
        yield gen.moment
    for call in calls:
        if not call.cancelled():
            call.exception()
    yield session.close()


@pytest.mark.parametrize("outcome", ["ok", "fail", "redirect", "nowok", "nowfail", CANCEL])
def test_no_call_leaves_a_memory_cycle(current_loop, outcome):
    """Reference counts alone free it: the collector finds nothing."""
    observer = NotingObserver()

    @gen.coroutine
    def call():
        yield run([outcome], [observer])

    current_loop.run_sync(call)  # What is made once is made.
    gc.collect()
    gc.disable()
    try:
        transport = Transport()
        session = waterspout.Session(transport=transport, observers=[observer])

        @gen.coroutine
        def again():
            future = session.get("http://h/" + outcome)
            if outcome == "cancel":
                future.cancel()
            while not future.done():
                transport.end_all()
                yield gen.moment

        before = observed_futures()  # Of tests before, whose clients may keep some.
        current_loop.run_sync(again)
        current_loop.run_sync(lambda: gen.moment)
        del observer.told[:], transport.waiting[:]
        assert observed_futures() == before
    finally:
        gc.enable()


def observed_futures():
    return set(id(each) for each in gc.get_objects() if isinstance(each, ObservedFuture))


def test_a_transport_of_the_users_with_responses_of_its_own(current_loop):
    """It knows nothing of times and bytes; details say so."""
    class Odd(Transport):
        def send(self, request, options):
            future = Future()
            resolve(future, Answer())
            return future

    class Answer(object):
        status_code = 200
        is_redirect = False
        sets_cookies = False

    observer = NotingObserver()
    session = waterspout.Session(transport=Odd(), observers=[observer])
    current_loop.run_sync(lambda: session.get("http://h/"))
    name, done = observer.end
    assert name == "call_done" and done.call.transport == "Odd"
    assert (done.response_bytes, done.exchanges[0].times, done.reused) == (None, (), None)
    assert done.exchanges[0].trace.total is None


def test_details_are_immutable(current_loop):
    """Each of them, and what it has."""
    observer = NotingObserver()
    session = waterspout.Session(transport=Transport(), observers=[observer])
    current_loop.run_sync(lambda: session.get("http://h/nowok"))
    for _, detail in observer.told:
        for each in (detail, detail.call) + tuple(getattr(detail, "exchanges", ())):
            with pytest.raises(AttributeError):
                each.method = "other"
            with pytest.raises(AttributeError):
                each.time = 0
            assert hash(each) == hash(each)


def test_names_of_calls(current_loop):
    """The template of an SDK, without its query; a name of one's own; the method of a session."""
    class HostSDK(waterspout.BaseSDK):
        pass

    observer = NotingObserver()
    sdk = HostSDK("h", transport=Transport(), observers=[observer], errors="empty")
    session = waterspout.Session(transport=Transport(), observers=[observer])

    def call(function):
        current_loop.run_sync(function)
        ended = observer.end[1].call
        del observer.told[:]
        return ended.name, ended.upstream

    path = {"a": "now", "b": "nowok"}
    assert call(lambda: sdk.fetch_async("GET", "/{a}/{b}?c=1", path=path)) == (
        "GET /{a}/{b}", "HostSDK")
    assert call(lambda: sdk.fetch_async("POST", "nowfail")) == ("POST /nowfail", "HostSDK")
    assert call(lambda: sdk.fetch_async("GET", "/nowfail", operation="mine")) == (
        "GET mine", "HostSDK")
    assert call(lambda: session.get("http://h/nowok?a=b")) == ("GET", None)
    assert call(lambda: session.get("http://h/nowok", operation=u"mine")) == ("GET mine", None)


def test_an_sdk_that_answers_failures_with_nothing_still_tells_of_them(current_loop):
    observer = NotingObserver()
    sdk = waterspout.BaseSDK("h", transport=Transport(), observers=[observer], errors="empty")
    assert current_loop.run_sync(lambda: sdk.fetch_async("GET", "/nowfail")) == {}
    assert observer.ends == ["call_failed"]
