"""A transport of the user's own: what it must have, what it is given."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

import waterspout


class Recording(object):
    """Answers 200 to everything and keeps what it was given."""

    def __init__(self):
        self.sent = []

    @gen.coroutine
    def send(self, request, options):
        self.sent.append((request, options))
        raise gen.Return(waterspout.Response(request, 200, "OK", waterspout.Headers(), b""))

    @gen.coroutine
    def close(self):
        pass


class SendsByRequestAlone(Recording):
    def send(self, request):
        raise NotImplementedError


class SendsByRequestAloneInACoroutine(Recording):
    @gen.coroutine
    def send(self, request):
        raise NotImplementedError


class NeverCloses(object):
    def send(self, request, options):
        raise NotImplementedError


@pytest.mark.parametrize("transport", [
    object(), NeverCloses(), SendsByRequestAlone(), SendsByRequestAloneInACoroutine(),
], ids=lambda transport: type(transport).__name__)
def test_an_object_without_the_methods_is_refused_at_once(transport):
    """The error says which methods a transport must have."""
    with pytest.raises(TypeError) as caught:
        waterspout.Session(transport=transport)
    assert "must have send(request, options) and close()" in str(caught.value)


def test_options_hold_what_the_session_and_the_call_say(io_loop):
    """The call's keywords over the session's attributes; the message holds none of them."""
    transport = Recording()
    session = waterspout.Session(
        transport=transport, timeout=7, max_redirects=5, proxies={"http": "http://proxy:3128"})
    io_loop.run_sync(lambda: session.get("http://host/"))
    io_loop.run_sync(lambda: session.get(
        "http://host/", timeout=(1, 2), stream=True, allow_redirects=False, proxies={"http": None}))
    (request, of_session), (_, of_call) = transport.sent
    assert (of_session.timeout.connect, of_session.deadline, of_session.stream) == (7, None, False)
    assert (of_session.allow_redirects, of_session.max_redirects) == (True, 5)
    assert of_session.route.proxy.host == "proxy"
    assert (of_call.timeout.read, of_call.stream, of_call.allow_redirects) == (2, True, False)
    assert of_call.route is None
    assert not hasattr(request, "timeout") and not hasattr(request, "route")


def test_options_do_not_change(io_loop):
    """A copy with other values is another object."""
    transport = Recording()
    session = waterspout.Session(transport=transport)
    io_loop.run_sync(lambda: session.get("http://host/"))
    options = transport.sent[0][1]
    with pytest.raises(AttributeError):
        options.stream = True
    assert options.replace(stream=True).stream is True and options.stream is False
    with pytest.raises((TypeError, ValueError)):
        options.replace(streams=True)


def test_options_have_a_deadline_where_the_call_has_a_total(io_loop):
    """In seconds of the clock that the timeouts are measured with."""
    transport = Recording()
    session = waterspout.Session(transport=transport)
    for _ in range(2):
        io_loop.run_sync(lambda: session.get(
            "http://host/", timeout=waterspout.ClientTimeout(total=100)))
    first, second = [options.deadline for _, options in transport.sent]
    assert first <= second <= first + 100
