"""What observers are told of calls, on every transport: order, one end, and what it says."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
from client_fixtures import until
from noting_observer import ENDS, NotingObserver
from raw_server import PATIENCE, Peer, answering, response, then
from tornado import gen
from tornado.concurrent import Future

import waterspout
from waterspout._compat import resolve

#: What each transport tells of a call with a small body on a new connection.
TOLD = {
    "pooled": ["started", "connected", "sent", "first_byte", "done"],
    "tornado": ["started", "connected", "first_byte", "done"],
    "curl": ["started", "connected", "first_byte", "done"],
    "threads": ["started", "first_byte", "done"],
}

PHASES = ("queue", "dns", "connect", "tls", "send", "first_byte", "body")


@pytest.fixture
def observer():
    return NotingObserver()


@pytest.fixture
def observed(make_client, observer):
    """Make a `Client` whose calls ``observer`` is told of."""

    def make(**options):
        options.setdefault("observers", [observer])
        return make_client(**options)

    return make


def added(trace):
    return sum(getattr(trace, name) or 0.0 for name in PHASES)


def check_order(observer):
    """Times never go back, no method is called before started or after the end, one end."""
    assert observer.is_balanced()
    for started in observer.details("call_started"):
        of_call = [(name, each) for name, each in observer.told if each.call.id == started.call.id]
        assert of_call[0][0] == "call_started" and of_call[-1][0] in ENDS
        assert all(each.call == started.call for _, each in of_call)
        times = [each.time for name, each in of_call]
        assert times == sorted(times)
        exchanges = [each.exchange for _, each in of_call if hasattr(each, "exchange")]
        assert exchanges == sorted(exchanges)


def test_a_call_that_succeeds(serve, observed, observer):
    """Each detail that this transport knows, in order; what they say of the call is true."""
    server = serve(answering(response(b"hello")))
    client = observed()
    client.post(server.url("/a?q=1"), data=b"12345678", operation="/a")
    assert observer.names == TOLD[client.transport]
    check_order(observer)
    done = observer.only("call_done")
    call = done.call
    assert (call.method, call.operation, call.upstream) == ("POST", "/a", None)
    assert call.name == "POST /a" and call.transport == client.transport
    assert call.origin == "http://127.0.0.1:%d" % server.port
    assert call.request_bytes == 8 and call.context is None
    assert (done.status_code, done.response_bytes) == (200, 5)
    assert done.seconds == done.time - call.started > 0
    (exchange,) = done.exchanges
    assert (exchange.method, exchange.origin, exchange.status_code) == ("POST", call.origin, 200)
    assert 0 < exchange.trace.total <= done.seconds
    assert added(exchange.trace) == pytest.approx(exchange.trace.total)


def test_a_kept_connection_is_reused(serve, observed, observer):
    """As the trace of the response says."""
    server = serve(answering(response(b"x")))
    client = observed()
    reused = [client.get(server.url()).trace.reused for _ in range(2)]
    assert [done.reused for done in observer.details("call_done")] == reused
    if client.transport == "pooled":
        assert [each.reused for each in observer.details("call_connected")] == [False, True]


def test_an_error_status_is_done(serve, observed, observer):
    """It is a response like any other; without ``operation`` the name is the method."""
    observed().get(serve(answering(response(b"no", status=503))).url())
    assert observer.end[1].status_code == 503 and observer.end[0] == "call_done"
    assert observer.end[1].call.name == "GET"


def test_a_redirect_is_two_exchanges_of_one_call(serve, observed, observer):
    """The details of the second have the index 1."""
    server = serve(answering(
        response(b"moved", 302, headers=[("Location", "/there")]), response(b"hello")))
    client = observed()
    client.post(server.url(), data=b"x")
    check_order(observer)
    done = observer.only("call_done")
    assert [(e.method, e.status_code) for e in done.exchanges] == [("POST", 302), ("GET", 200)]
    assert [each.exchange for each in observer.details("call_first_byte")] == [0, 1]
    assert done.call.method == "POST" and done.response_bytes == 5


def test_a_streamed_redirect_has_whole_times(serve, observed, observer, streams):
    """The body of the redirect is not read; its time ends where the next exchange begins."""
    server = serve(answering(
        response(b"moved", 302, headers=[("Location", "/there")]), response(b"hello")))
    client = observed()
    answer = client.get(server.url(), stream=True)
    assert client.run(answer.read) == b"hello"
    client.wait_until(lambda: observer.ends)
    check_order(observer)
    assert len(observer.end[1].exchanges) == 2
    for exchange in observer.end[1].exchanges:
        assert added(exchange.trace) == pytest.approx(exchange.trace.total)


def test_a_digest_challenge_is_two_exchanges(serve, observed, observer):
    """The 401 and the answer to its challenge."""
    challenge = ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')
    server = serve(answering(response(b"", 401, headers=[challenge]), response(b"in")))
    observed().get(server.url(), auth=waterspout.auth.HTTPDigestAuth("user", "secret"))
    check_order(observer)
    assert [each.status_code for each in observer.end[1].exchanges] == [401, 200]


def can_pause(transport):
    """Whether it can stream; see CAN_PAUSE of the curl transport."""
    if transport != "curl":
        return True
    from waterspout.transports.curl.curl_upload import CAN_PAUSE

    return CAN_PAUSE


@pytest.fixture
def streams(transport):
    if not can_pause(transport):
        pytest.skip("a pycurl before 7.45 cannot stream")


class Other(object):
    """What a hook may replace a response by: hardly anything is asked of it."""

    is_redirect = False

    def close(self):
        pass


@pytest.mark.parametrize("waits", [False, True])
def test_a_hook_that_replaces_the_response(serve, observed, observer, waits):
    """The call is done with what the server sent; the hook's object is its result."""
    url = serve(answering(response(b"x"))).url()
    client, other = observed(), Other()

    def hook(answer, **kwargs):
        if not waits:
            return other
        future = Future()
        client.io_loop.add_callback(resolve, future, other)
        return future

    assert client.get(url, hooks={"response": hook}) is other
    check_order(observer)
    assert observer.end[0] == "call_done" and observer.end[1].status_code == 200


def test_a_hook_that_calls_again_and_gives_a_streamed_response(
        serve, observed, observer, streams):
    """Both calls end, once each, when the body has ended: the response is of both."""
    url = serve(answering(response(b"one"), response(b"two"))).url()
    client = observed()

    def hook(answer, **kwargs):
        return client.session.get(url, stream=True)

    answer = client.get(url, hooks={"response": hook})
    assert client.run(answer.read) == b"two"
    client.wait_until(lambda: len(observer.ends) == 2)
    assert observer.ends == ["call_done", "call_done"]
    check_order(observer)


def test_a_hook_that_waits_until_the_streamed_body_has_ended(
        serve, observed, observer, streams):
    """The call is done when it has its response, with the time of its end."""
    url = serve(answering(response(b"hello"))).url()
    client = observed()

    @gen.coroutine
    def read(answer):
        yield answer.read()

    answer = client.get(
        url, stream=True, hooks={"response": lambda answer, **kwargs: read(answer)})
    assert answer.content == b"hello"
    check_order(observer)
    assert observer.end[0] == "call_done"
    assert observer.end[1].exchanges[0].trace.body is not None


def test_a_hook_that_raises(serve, observed, observer):
    """The call fails with the hook's own error; its exchange has a status."""
    url = serve(answering(response(b"x"))).url()
    client = observed()

    def hook(answer, **kwargs):
        raise KeyError("no such field")

    with pytest.raises(KeyError):
        client.get(url, hooks={"response": hook})
    check_order(observer)
    name, failed = observer.end
    assert name == "call_failed" and isinstance(failed.error, KeyError) and failed.phase is None
    assert [each.status_code for each in failed.exchanges] == [200]


def test_too_many_redirects(serve, observed, observer):
    """Failed, with all exchanges."""
    server = serve(answering(response(b"", 302, headers=[("Location", "/")])))
    client = observed(max_redirects=2)
    with pytest.raises(waterspout.TooManyRedirects):
        client.get(server.url())
    check_order(observer)
    assert observer.end[0] == "call_failed" and len(observer.end[1].exchanges) == 3


def test_a_call_that_waits_in_the_queue(serve, observed, observer):
    """It is told so, and its queue phase lasts until it has the connection."""
    url = serve(answering(response(b"x"))).url()
    client = observed(max_connections=1, max_workers=1)
    client.run(lambda: gen.multi([client.session.get(url) for _ in range(2)]))
    check_order(observer)
    first, second = [each.call.id for each in observer.details("call_started")]
    queued = observer.only("call_queued")
    assert queued.call.id == second
    trace = observer.details("call_done")[1].exchanges[0].trace
    assert trace.queue > 0


def test_a_full_queue(serve, observed, observer, transport):
    """QueueFull is a failure in the phase of the pool, after no time at all."""
    if transport != "pooled":
        pytest.skip("only its queue has a limit")
    client = observed(max_connections=1, max_queued=1)
    url = serve(answering(response(b"x"))).url()

    @gen.coroutine
    def both():
        first, second = client.session.get(url), client.session.get(url)
        with pytest.raises(waterspout.QueueFull):
            yield client.session.get(url)
        yield [first, second]

    client.run(both)
    check_order(observer)
    failed = observer.only("call_failed")
    assert failed.phase == "pool" and failed.exchanges[0].status_code is None
    assert failed.call.id != observer.only("call_queued").call.id


def test_a_stale_connection_is_replaced(serve, observed, observer):
    """Connected is told twice, the second time as attempt 2."""
    served = []

    def behave(peer):
        peer.read_request()
        peer.send(response(b"x"))
        served.append(1)
        peer.read_request()
        if len(served) > 1:
            peer.send(response(b"y"))

    client = observed()
    if client.transport != "pooled":
        pytest.skip("what other clients do inside is their own")
    server = serve(behave)
    client.get(server.url())
    client.get(server.url())
    check_order(observer)
    assert [(each.reused, each.attempt) for each in observer.details("call_connected")] == [
        (False, 1), (True, 1), (False, 2)]
    assert observer.details("call_done")[1].exchanges[0].trace.attempts == 2


def test_a_refused_connection(observed, observer):
    """Failed while connecting, with the time of that phase."""
    with_port = socket.socket()
    with_port.bind(("127.0.0.1", 0))
    url = "http://127.0.0.1:%d/" % with_port.getsockname()[1]
    client = observed()
    error = client.error_of("GET", url)
    with_port.close()
    check_order(observer)
    name, failed = observer.end
    assert name == "call_failed" and failed.error is error and failed.phase == "connect"
    assert failed.seconds > 0 and "connected" not in observer.names
    check_times_of(error)


def check_times_of(error):
    trace = waterspout.instrumentation.ObservedExchange("GET", "", None, error.times).trace
    assert added(trace) == pytest.approx(trace.total)
    assert all((getattr(trace, name) or 0.0) >= 0.0 for name in PHASES)


@pytest.mark.parametrize("steps, phase", [
    ((Peer.hold,), "first_byte"),
    ((b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", Peer.hold), "body"),
])
def test_a_read_timeout(serve, observed, observer, steps, phase):
    """The phase that took too long has the time."""
    client = observed()
    error = client.error_of("GET", serve(then(*steps)).url(), timeout=(PATIENCE, 0.15))
    check_order(observer)
    assert isinstance(error, waterspout.ReadTimeout) or "no byte" in str(error)
    assert observer.end[1].error is error
    check_times_of(error)
    if client.transport != "threads":
        trace = observer.end[1].exchanges[0].trace
        assert getattr(trace, phase) >= 0.14


def test_a_total_timeout(serve, observed, observer):
    """The whole call has its own limit."""
    client = observed()
    timeout = waterspout.ClientTimeout(total=0.15)
    error = client.error_of("GET", serve(then(Peer.hold)).url(), timeout=timeout)
    check_order(observer)
    assert observer.end[1].error is error and observer.end[1].seconds >= 0.14
    check_times_of(error)


def test_a_pool_timeout(serve, observed, observer):
    """The call that waited is failed; the other one goes on."""
    client = observed(max_connections=1, max_workers=1)
    url = serve(then(Peer.hold)).url()

    @gen.coroutine
    def both():
        client.session.get(url, timeout=waterspout.ClientTimeout(total=0.5))
        with pytest.raises(waterspout.PoolTimeout) as caught:
            yield client.session.get(url, timeout=waterspout.ClientTimeout(pool=0.1))
        check_times_of(caught.value)

    client.run(both)
    client.wait_until(observer.is_balanced)
    check_order(observer)
    failed = observer.details("call_failed")[0]
    assert failed.phase == "pool" and failed.exchanges[0].trace.queue >= 0.09
    assert failed.call.id == observer.only("call_queued").call.id


@pytest.mark.parametrize("sent", [
    b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", b"hello\r\n\r\n",
    response(b"not gzip", headers=[("Content-Encoding", "gzip")]), response(b"x" * 2000),
])
def test_a_response_that_cannot_be_used(serve, observed, observer, sent):
    """Cut off, no HTTP, not decodable, too large: each is one failure, with its time."""
    client = observed(max_body_bytes=1000)
    error = client.error_of("GET", serve(then(sent)).url())
    check_order(observer)
    assert observer.end[0] == "call_failed" and observer.end[1].error is error
    check_times_of(error)


@pytest.mark.parametrize("url", ["nonsense", "http://", "ftp://x/", "http://a b/"])
def test_a_bad_url(observed, observer, url):
    """Started and failed, without an origin, and nothing was sent."""
    client = observed()
    with pytest.raises(waterspout.RequestException):
        client.get(url)
    check_order(observer)
    assert observer.names == ["started", "failed"]
    failed = observer.end[1]
    assert failed.call.origin == "" and failed.exchanges == ()
    assert failed.call.request_bytes is None


def test_a_bad_method_is_no_label(observed, observer):
    """Text that is no method may be anything."""
    with pytest.raises(waterspout.InvalidHeader):
        observed().request("GET\r\nsecret: 1", "http://127.0.0.1/")
    assert observer.end[1].call.method == "-"


@pytest.mark.parametrize("arguments", [{"unknown": 1}, {"headers": 5}, {"timeout": "long"}])
def test_a_type_error_at_once_is_no_call(observed, observer, arguments):
    """The program has a bug; nothing was started, so nothing has to end."""
    client = observed()
    with pytest.raises(TypeError):
        client.get("http://127.0.0.1/", **arguments)
    assert observer.is_balanced()


@pytest.mark.parametrize("how", ["iterator", "file", "future"])
def test_uploads(serve, observed, observer, how, tmp_path):
    """Sent is told at the end of the body; its length is known for a file only."""
    server = serve(answering(response(b"x")))
    client = observed()
    if how == "file":
        path = tmp_path / "body"
        path.write_bytes(b"x" * 100)
        with path.open("rb") as file:
            client.post(server.url(), data=file)
    elif how == "iterator":
        client.post(server.url(), data=iter([b"ab", b"cd"]))
    elif client.transport == "threads" or not can_pause(client.transport):
        pytest.skip("this transport cannot wait for a Future")
    else:
        def pieces():
            yield b"ab"
            piece = Future()
            client.io_loop.add_callback(resolve, piece, b"cd")
            yield piece

        client.post(server.url(), data=pieces())
    check_order(observer)
    assert observer.end[0] == "call_done"
    assert observer.end[1].call.request_bytes == (100 if how == "file" else None)
    if client.transport == "pooled":
        assert observer.names == ["started", "connected", "sent", "first_byte", "done"]


def test_an_upload_that_fails(serve, observed, observer):
    """The error of the body is the error of the call."""
    def pieces():
        yield b"ab"
        raise KeyError("no more")

    client = observed()
    with pytest.raises(KeyError):
        client.post(serve(then(Peer.hold)).url(), data=pieces())
    check_order(observer)
    assert isinstance(observer.end[1].error, KeyError)


def test_an_answer_before_the_whole_body(serve, observed, observer):
    """The server wants no more of it: the call is done, and sent was never told."""
    client = observed()
    if client.transport != "pooled":
        pytest.skip("when other clients give up is their own")
    def pieces():
        yield b"ab"
        yield Future()  # It is never done.

    server = serve(then(response(b"no", status=413, headers=[("Connection", "close")])))
    answer = client.post(server.url(), data=pieces())
    assert answer.status_code == 413
    assert observer.names == ["started", "connected", "first_byte", "done"]
    check_order(observer)


def test_a_session_that_is_closed_under_way(serve, observed, observer):
    """Running and waiting calls are failed, once each."""
    client = observed(max_connections=1, max_workers=1)
    url = serve(then(Peer.hold)).url()

    @gen.coroutine
    def call():
        calls = [client.session.get(url) for _ in range(3)]
        yield until(lambda: observer.names.count("queued") == 2)
        client.session.close()
        for each in calls:
            with pytest.raises(waterspout.ConnectionError):
                yield each

    client.run(call)
    check_order(observer)
    assert observer.ends == ["call_failed"] * 3


def test_the_details_of_a_failed_call_do_not_name_secrets(serve, observed, observer):
    """Put into every place of a call, none is in the text of a detail."""
    client = observed(headers={"X-Key": "hidden1"}, params={"key": "hidden2"},
                      cookies={"c": "hidden3"})
    url = serve(answering(response(b"hidden4", headers=[("X-Answer", "hidden5")]))).url("/p")
    context = waterspout.instrumentation.CallContext(headers={"X-Tenant": "hidden6"})
    keywords = dict(
        params={"q": "hidden7"}, data={"f": "hidden8"}, headers={"Authorization": "hidden9"},
        cookies={"d": "hidden10"}, context=context, operation="/p")
    client.post(url.replace("//", "//user:hidden11@"), **keywords)
    client.error_of("POST", "http://user:hidden11@127.0.0.1:1/p?t=hidden12", **keywords)
    assert observer.ends == ["call_done", "call_failed"]
    assert "hidden" not in repr(observer.told)
    assert "/p?" not in repr(observer.told)
