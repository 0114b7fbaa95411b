"""Observers that raise, call the session again, close it, or are none."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from noting_observer import CALL_METHODS, NotingObserver
from raw_server import answering, response
from tornado import gen

import waterspout
from waterspout.exceptions import SessionClosed
from waterspout.instrumentation import Observer

ON_SUCCESS = ("call_started", "call_connected", "call_sent", "call_first_byte", "call_done")


def observer_with(name, method):
    """An object that is no `Observer` and has this one method."""
    return type("Duck", (object,), {name: lambda self, detail: method(detail)})()


@pytest.mark.parametrize("name", CALL_METHODS + ("headers_for",))
def test_what_an_observer_raises_is_logged_once(serve, make_client, caplog, name):
    """The call goes on, the next observer is told, and the log has one traceback."""
    noting = NotingObserver()
    bad = observer_with(name, lambda detail: 1 // 0)
    client = make_client(observers=[bad, noting], max_connections=1, max_workers=1)
    url = serve(answering(response(b"x"))).url()
    with caplog.at_level(logging.ERROR, "waterspout.instrumentation"):
        client.run(lambda: gen.multi([client.session.get(url) for _ in range(3)]))
        client.error_of("GET", "http://127.0.0.1:1/")
        if client.transport == "pooled" and name not in ("call_cancelled",):
            (record,) = [each for each in caplog.records if each.name.endswith("tation")]
            assert "Duck" in record.getMessage() and record.exc_info[0] is ZeroDivisionError
    assert noting.is_balanced() and len(noting.ends) == 4


@pytest.mark.parametrize("name", ON_SUCCESS + ("call_queued", "call_failed", "headers_for"))
def test_an_observer_that_calls_the_session_again(serve, make_client, name):
    """From every method: both calls end, and nothing is lost."""
    noting, again = NotingObserver(), []
    url = serve(answering(response(b"x"))).url()

    def call(detail):
        if not again:
            again.append(True)
            client.session.get(url)

    client = make_client(
        observers=[noting, observer_with(name, call)], max_connections=1, max_workers=1)
    client.run(lambda: gen.multi([client.session.get(url) for _ in range(2)]))
    client.error_of("GET", "http://127.0.0.1:1/")
    client.wait_until(noting.is_balanced)
    client.wait_until_idle()
    assert client.get(url).content == b"x"


@pytest.mark.parametrize("body", [b"x", b"x" * 300000])
@pytest.mark.parametrize("name", ON_SUCCESS + ("call_queued", "call_failed", "headers_for"))
def test_an_observer_that_closes_the_session(serve, make_client, caplog, name, body):
    """From every method: each call ends once, nothing is logged, the loop is left clean."""
    noting = NotingObserver()
    url = serve(answering(response(body))).url()

    def close(detail):
        client.session.close()

    client = make_client(
        observers=[noting, observer_with(name, close)], max_connections=1, max_workers=1)

    @gen.coroutine
    def calls():
        running = []
        for data in (None, b"y" * 300000, iter([b"a", b"b"])):
            try:
                running.append(client.session.post(url, data=data))
            except SessionClosed:
                pass
        for each in running:
            try:
                yield each
            except (waterspout.RequestException, SessionClosed):
                pass

    with caplog.at_level(logging.WARNING):
        client.run(calls)
        client.wait_until(noting.is_balanced)
    assert [each.getMessage() for each in caplog.records if "tornado" in each.name
            or "instrum" in each.name or "asyncio" in each.name] == []


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
@pytest.mark.parametrize("fields", [
    {"X-Bad": "a\r\nb"}, {"bad name": "x"}, 5, {"X-Bad": 5}, [1, 2], "ab"])
def test_header_fields_that_are_invalid(serve, make_client, caplog, fields):
    """They are the observer's error: logged, and the call is sent without them."""
    server = serve(answering(response(b"x")))
    noting = NotingObserver()
    client = make_client(
        observers=[observer_with("headers_for", lambda call: fields), noting])
    with caplog.at_level(logging.ERROR, "waterspout.instrumentation"):
        assert client.get(server.url()).content == b"x"
    assert len(caplog.records) == 1 and noting.ends == ["call_done"]
    assert not [name for name, _ in server.received[0].headers if "bad" in name]


def test_header_fields_of_observers(serve, make_client):
    """They are sent, with redirects too; the last observer and the call's own are merged."""
    server = serve(answering(
        response(b"", 302, headers=[("Location", "/next")]), response(b"x")))
    first = observer_with("headers_for", lambda call: {"traceparent": "one", "X-One": "1"})
    second = observer_with("headers_for", lambda call: {"Traceparent": "two-%s" % call.name})
    client = make_client(observers=[first, second])
    client.get(server.url(), headers={"TRACEPARENT": "own"})
    for request in server.received:
        fields = dict(request.headers)
        assert fields["traceparent"] == "two-GET" and fields["x-one"] == "1"
    assert len(server.received) == 2


@pytest.mark.parametrize("observers, words", [
    (5, "list of observers"), (None, "list of observers"), (NotingObserver(), "list"),
    ([object()], "has no method"), (["abc"], "has no method"), ([Observer()], "has no method"),
    ([NotingObserver], "not the class NotingObserver"),
    ([type("Odd", (object,), {"call_done": 5})()], "call_done"),
])
def test_what_is_no_observer(observers, words):
    """A TypeError that says what is wrong, when the session or SDK is made."""
    for make in (waterspout.Session, lambda **kwargs: waterspout.BaseSDK("127.0.0.1", **kwargs)):
        with pytest.raises(TypeError) as caught:
            make(observers=observers)
        assert words in str(caught.value)


def test_methods_that_are_not_overridden_cost_nothing():
    """They are not called: an observer of ends is not live."""
    class Ends(Observer):
        def call_done(self, detail):
            pass

    session = waterspout.Session(observers=iter([Ends()]))
    assert not session._dispatch.is_live and session._dispatch.call_started == ()
    assert len(session.observers) == 1
