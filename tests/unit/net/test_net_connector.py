"""The steps of making a connection: name, socket, tunnel, TLS; each by hand."""

from __future__ import absolute_import, division, print_function

import socket
from functools import partial

import pytest

import waterspout._net.connector
from waterspout._compat import Future, rejected, resolved
from waterspout._net.connector import CONNECTING, RESOLVING, SECURING, TUNNELLING, Connector
from waterspout._net.origin import Origin, Proxy
from waterspout._net.tls_options import DEFAULT_TLS
from waterspout.exceptions import ConnectError, ProxyError, SSLError

ADDRESSES = [(socket.AF_INET, ("127.0.0.1", 80))]


class Step(object):
    """In the place of HappyEyeballs, Tunnel or ClientHandshake; the test ends it.

    Attributes:
        begun (list of Step): all of them, in order.
    """

    begun = []
    raises = None

    def __init__(self, io_loop, subject, *rest):
        self.subject = subject
        self.done = rest[-1]
        self.cancelled = 0
        self.begun.append(self)

    def start(self):
        if self.raises is not None:
            raise self.raises

    def cancel(self):
        self.cancelled += 1


class HappyEyeballs(Step):
    pass


class Tunnel(Step):
    pass


class ClientHandshake(Step):
    pass


class Resolver(object):
    """Answers with ``answer()``."""

    def __init__(self):
        self.asked, self.closed = [], 0

    def resolve(self, host, port, family):
        self.asked.append((host, port, family))
        return self.answer()

    def answer(self):
        return resolved(ADDRESSES)

    def close(self):
        self.closed += 1


def Stream(name, sock, *rest):
    """In the place of PlainStream and TLSStream."""
    return name, sock


@pytest.fixture
def connector(current_loop, monkeypatch):
    monkeypatch.setattr(Step, "begun", [])
    for step in (HappyEyeballs, Tunnel, ClientHandshake):
        monkeypatch.setattr(waterspout._net.connector, step.__name__, step)
    for name in ("PlainStream", "TLSStream"):
        monkeypatch.setattr(waterspout._net.connector, name, partial(Stream, name))
    connector = Connector(current_loop, Resolver())
    connector.settle = lambda: current_loop.run_sync(lambda: resolved(None))
    return connector


class Attempt(object):
    """A connection being made; what came of it."""

    stream = failure = None

    def __init__(self, connector, origin, settle=True):
        self.connecting = connector.connect(origin, self.succeed, self.fail)
        self.connecting.start()
        if settle:
            connector.settle()

    def succeed(self, stream):
        self.stream = stream

    def fail(self, error_class, what, cause):
        self.failure = error_class, what


def origin(scheme="http", proxy=None, **options):
    tls = DEFAULT_TLS if scheme == "https" else None
    return Origin(scheme, "a.example", 80, tls, proxy, **options)


PROXY = Proxy("proxy.example", 3128)


@pytest.mark.parametrize("where, steps, stream", [
    (origin(), [HappyEyeballs], "PlainStream"),
    (origin("https"), [HappyEyeballs, ClientHandshake], "TLSStream"),
    (origin(proxy=PROXY), [HappyEyeballs], "PlainStream"),
    (origin("https", proxy=PROXY), [HappyEyeballs, Tunnel, ClientHandshake], "TLSStream"),
], ids=str)
def test_each_origin_takes_its_steps(connector, where, steps, stream):
    """One after the other."""
    attempt = Attempt(connector, where)
    for number, step in enumerate(steps):
        assert [type(each) for each in Step.begun] == steps[:number + 1]
        assert attempt.connecting.doing == {
            HappyEyeballs: CONNECTING, Tunnel: TUNNELLING, ClientHandshake: SECURING}[step]
        assert attempt.stream is None
        Step.begun[number].done("socket %d" % number, None)
    assert attempt.stream == (stream, "socket %d" % (len(steps) - 1))
    assert attempt.connecting.resolved <= attempt.connecting.connected


def test_the_name_of_a_proxy_is_looked_up(connector):
    """The name of the server behind it is not looked up."""
    Attempt(connector, origin(proxy=PROXY))
    Attempt(connector, origin(family=socket.AF_INET6))
    assert connector.resolver.asked == [
        ("proxy.example", 3128, socket.AF_UNSPEC), ("a.example", 80, socket.AF_INET6)]


def test_a_socket_of_the_system_needs_no_name(connector):
    """``unix_socket``."""
    attempt = Attempt(connector, origin(unix_socket="/s"))
    assert connector.resolver.asked == []
    assert Step.begun[0].subject == [(socket.AF_UNIX, "/s")]
    assert attempt.connecting.doing == CONNECTING


def test_a_given_address_needs_no_name(connector):
    """``address``; TLS follows as for any other."""
    attempt = Attempt(connector, origin("https", address=ADDRESSES[0]), settle=False)
    assert connector.resolver.asked == [] and Step.begun[0].subject == ADDRESSES
    assert attempt.connecting.doing == CONNECTING
    Step.begun[0].done("socket", None)
    assert attempt.connecting.doing == SECURING


@pytest.mark.parametrize("answer", [
    lambda: rejected(socket.gaierror(socket.EAI_NONAME, "no such name")),
    lambda: 1 / 0, lambda: "nonsense"], ids=["Future", "raises", "no Future"])
def test_a_name_that_is_not_found_fails(connector, answer):
    """However the resolver says so, which may be the program's own."""
    connector.resolver.answer = answer
    attempt = Attempt(connector, origin())
    assert attempt.failure[0] is ConnectError
    assert attempt.failure[1].startswith("name not resolved: ") and Step.begun == []


@pytest.mark.parametrize("where, failure, expected", [
    (origin(), (ConnectError, "refused", None), (ConnectError, "refused")),
    (origin("https"), (SSLError, "bad", None), (SSLError, "bad")),
    (origin(proxy=PROXY), (ConnectError, "refused", None),
     (ProxyError, "the proxy proxy.example:3128: refused")),
])
def test_a_step_that_fails_ends_the_attempt(connector, where, failure, expected):
    """Through a proxy, a connection that is refused is refused by the proxy."""
    attempt = Attempt(connector, where)
    if where.tls is not None:
        Step.begun[0].done("socket", None)
    Step.begun[-1].done(None, failure)
    assert attempt.failure == expected and attempt.stream is None


def test_a_step_that_cannot_begin_fails(connector, monkeypatch):
    """The system cannot watch another socket."""
    monkeypatch.setattr(HappyEyeballs, "raises", IOError(28, "no space left"))
    attempt = Attempt(connector, origin())
    assert attempt.failure[0] is ConnectError and "no space left" in attempt.failure[1]
    assert Step.begun[0].cancelled == 1


def test_an_attempt_that_is_cancelled_tells_nothing(connector):
    """Whatever step is under way; the resolver's answer is dropped."""
    attempt = Attempt(connector, origin())
    attempt.connecting.cancel()
    assert Step.begun[0].cancelled == 1
    connector.resolver.answer = Future
    early = Attempt(connector, origin())
    assert early.connecting.doing == RESOLVING
    early.connecting.cancel()
    assert attempt.failure is early.failure is None


def test_a_handshake_that_fails_forgets_the_session(connector, monkeypatch):
    """The server may have refused to resume it."""
    forgotten = []
    monkeypatch.setattr(connector.tls_sessions, "forget", forgotten.append)
    where = origin("https")
    Attempt(connector, where)
    Step.begun[0].done("socket", None)
    Step.begun[1].done(None, (SSLError, "bad", None))
    assert forgotten == [where]


def test_closing_a_connector_closes_its_resolver(connector):
    """The resolver's threads end."""
    connector.close()
    assert connector.resolver.closed == 1
