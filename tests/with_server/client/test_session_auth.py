"""``auth=`` of calls, sessions and SDKs, on every transport; requests that were prepared before."""

from __future__ import absolute_import, division, print_function

import io
from functools import partial

import pytest
import requests
from raw_server import RawServer, answering, response
from tornado import gen

import waterspout

BASIC = "Basic bWU6c2VjcmV0"


@pytest.fixture
def server(serve):
    return serve(answering(response(b"{}")))


def field(request, name="authorization"):
    return dict(request.headers).get(name)


@pytest.mark.parametrize(
    "auth, expected",
    [
        (("me", "secret"), BASIC),
        ((b"me", u"secret"), BASIC),
        (("", ""), "Basic Og=="),
        ((u"\u4e2d", u"\xe9"), "Basic 5LitOsOp"),
        ((b"\xe9", b"\xe9"), "Basic 6Trp"),
        (waterspout.HTTPBasicAuth("me", "secret"), BASIC),
        (waterspout.HTTPBearerAuth("token"), "Bearer token"),
        (waterspout.HTTPBearerAuth(b"token"), "Bearer token"),
        (requests.auth.HTTPBasicAuth("me", "secret"), BASIC),
        ((), None),
    ],
)
def test_auth_takes_tuples_and_callables(client, server, auth, expected):
    """A tuple, our classes, requests' classes, or nothing."""
    client.get(server.url(), auth=auth)
    assert field(server.received[0]) == expected


def test_proxy_auth_sets_proxy_authorization(client, server):
    """Its header is the proxy's."""
    for auth in (waterspout.HTTPProxyAuth("me", "secret"),
                 requests.auth.HTTPProxyAuth("me", "secret")):
        client.get(server.url(), auth=auth)
        assert field(server.received[-1], "proxy-authorization") == BASIC
        assert field(server.received[-1]) is None


def test_auth_of_a_session_holds_for_calls_without_one(make_client, server):
    """A call's own counts more; ``()`` turns it off."""
    client = make_client(auth=("me", "secret"))
    for auth, expected in ((None, BASIC), (("a", "b"), "Basic YTpi"), ((), None)):
        client.get(server.url(), auth=auth)
        assert field(server.received[-1]) == expected
    client.session.auth = waterspout.HTTPBearerAuth("token")
    client.get(server.url())
    assert field(server.received[-1]) == "Bearer token"


def test_an_sdk_authenticates_as_a_session_does(io_loop, server):
    """A class for an API authenticates as a session does."""
    sdk = waterspout.BaseSDK(server.address, "org", auth=("me", "secret"))
    for options, expected in (({}, BASIC), ({"auth": ("a", "b")}, "Basic YTpi")):
        io_loop.run_sync(partial(sdk.fetch_async, "GET", "/", **options))
        assert field(server.received[-1]) == expected
    io_loop.run_sync(sdk.close)


@pytest.mark.parametrize(
    "auth", [("a", "b", "c"), ["a", "b"], "token", ("me", None), (1, 2), 7, lambda request: None,
             lambda request: "token"])
def test_an_invalid_auth_is_refused_without_showing_it(client, server, auth):
    """At once, and without saying what it was."""
    with pytest.raises(TypeError) as caught:
        client.get(server.url(), auth=auth)
    assert "token" not in str(caught.value)
    assert server.received == []


def test_an_error_of_an_auth_callable_is_raised(client, server):
    """Such as an error of its own, from where it gets its token."""

    class NoToken(Exception):
        pass

    def auth(request):
        raise NoToken()

    with pytest.raises(NoToken):
        client.get(server.url(), auth=auth)
    assert server.received == []


def test_an_auth_callable_may_change_the_whole_request(client, server):
    """Method, URL, headers and body; the length follows."""

    def auth(request):
        assert (request.method, request.path_url) == ("POST", "/a?b=c")
        assert request.body == "d=e"  # Native text, as in requests.
        request.method = "put"
        request.url = request.url + "&signed=1"
        request.headers["X-Signed"] = u"1"
        request.headers[b"X-Bytes"] = b"2"
        request.body = u"d=\xe9"
        return request

    client.post(server.url("/a"), params={"b": "c"}, data={"d": "e"}, auth=auth)
    received = server.received[0]
    assert (received.method, received.target) == ("PUT", "/a?b=c&signed=1")
    assert received.body == u"d=\xe9".encode("utf-8")
    assert field(received, "content-length") == "4"
    assert (field(received, "x-signed"), field(received, "x-bytes")) == ("1", "2")


def test_an_auth_callable_may_return_another_request(client, server):
    """What it returns counts."""

    def auth(request):
        other = request.copy()
        other.headers["X-Signed"] = "1"
        other.prepare_url(request.url, {"signed": "1"})
        other.prepare_body({"a": "b"}, None)
        return other

    client.request("POST", server.url(), auth=auth)
    received = server.received[0]
    assert (received.target, received.body) == ("/?signed=1", b"a=b")
    assert field(received, "x-signed") == "1"
    assert field(received, "content-type") == "application/x-www-form-urlencoded"


def test_an_auth_callable_may_remove_the_body(client, server):
    """Then the request says that it is empty."""

    def auth(request):
        request.body = None
        return request

    client.post(server.url(), data=b"body", auth=auth)
    assert (server.received[0].body, field(server.received[0], "content-length")) == (b"", "0")


def test_an_auth_callable_may_read_a_file(client, server):
    """To sign what is in it; the bytes go in its place, on every transport."""

    def auth(request):
        request.body = request.body.read()
        request.headers["X-Length"] = str(len(request.body))
        return request

    client.post(server.url(), data=io.BytesIO(b"contents"), auth=auth)
    assert server.received[0].body == b"contents"
    assert field(server.received[0], "x-length") == "8"


def test_an_auth_callable_may_set_a_file_as_body(io_loop, server):
    """It is sent as it is read."""

    def auth(request):
        request.body = io.BytesIO(b"contents")
        return request

    session = waterspout.Session(auth=auth)
    io_loop.run_sync(lambda: session.post(server.url()))
    assert server.received[0].body == b"contents"
    io_loop.run_sync(session.close)


def test_an_auth_callable_may_register_a_hook(client, server):
    """Its hook comes before those of the call, as in requests."""
    seen = []

    def auth(request):
        request.register_hook("response", lambda response, **kwargs: seen.append("auth"))
        return request

    client.get(server.url(), auth=auth,
               hooks={"response": lambda response, **kwargs: seen.append("call")})
    assert seen == ["auth", "call"]


def test_auth_changes_no_input(make_client, server):
    """Neither the call's nor the session's."""
    headers, hooks, data = {"X-A": "1"}, {"response": []}, {"a": "b"}
    client = make_client(headers=headers)
    shared = client.session.headers.copy()

    def auth(request):
        request.headers["X-A"] = "2"
        request.register_hook("response", lambda response, **kwargs: None)
        request.body = "c"
        return request

    client.post(server.url(), headers=headers, hooks=hooks, data=data, auth=auth)
    assert (headers, hooks, data) == ({"X-A": "1"}, {"response": []}, {"a": "b"})
    assert client.session.headers == shared
    assert client.session.hooks == {"response": []}
    client.get(server.url())
    assert field(server.received[-1], "x-a") == "1"


# Prepared requests


def test_a_prepared_request_may_be_changed_and_sent_twice(make_client, server):
    """With what the session adds; changed; sent; and sent again."""
    client = make_client(
        auth=("me", "secret"), headers={"X-Mine": "1"}, params={"a": "1"}, timeout=7)
    prepared = client.session.prepare_request(
        waterspout.Request("post", server.url(), params={"b": "2"}, json={"c": 3}))
    assert (prepared.method, prepared.path_url) == ("POST", "/?a=1&b=2")
    how = {}
    prepared.register_hook("response", lambda response, **options: how.update(options))
    prepared.headers["X-Digest"] = str(len(prepared.body))
    for _ in range(2):
        answer = client.run(lambda: client.session.send(prepared))
        assert answer.status_code == 200
        assert how.pop("timeout").read == 7
    assert server.received[0] == server.received[1]
    received = server.received[0]
    assert (received.target, received.body) == ("/?a=1&b=2", b'{"c": 3}')
    assert field(received) == BASIC
    assert (field(received, "x-mine"), field(received, "x-digest")) == ("1", "8")


def test_a_request_prepared_without_a_session_is_sent_as_it_is(make_client, server):
    """It is sent as it is, whatever the session says."""
    client = make_client(auth=("me", "secret"), headers={"X-Mine": "1"}, params={"a": "1"})
    prepared = waterspout.Request("GET", server.url(), auth=("a", "b")).prepare()
    client.run(lambda: client.session.send(prepared))
    received = server.received[0]
    assert (received.target, field(received)) == ("/", "Basic YTpi")
    assert field(received, "x-mine") is None


@pytest.mark.parametrize("kwargs", [
    {}, {"data": "a=b", "hooks": {"response": len}}, {"cookies": {"a": "b"}}, {"json": [1]},
])
def test_a_copied_prepared_request_is_independent(kwargs):
    """A change of one does not change the other."""
    prepared = waterspout.Request("POST", u"http://host/\xe9", **kwargs).prepare()
    twin = prepared.copy()
    for name in ("method", "url", "headers", "body", "hooks"):
        assert getattr(twin, name) == getattr(prepared, name)
    twin.headers["X-A"] = "1"
    twin.register_hook("response", repr)
    assert "X-A" not in prepared.headers and repr not in prepared.hooks["response"]


@pytest.mark.parametrize("user, password, expected", [
    ("me", "secret", BASIC), (b"\xc5\xaf", b"\xc6\xb6", "Basic xa86xrY="),
])
def test_credentials_are_native_text_in_the_headers(user, password, expected):
    """Bytes are encoded as they are, not as their repr."""
    prepared = waterspout.Request("GET", "http://host/", auth=(user, password)).prepare()
    assert type(prepared.headers["Authorization"]) is str
    assert prepared.headers["Authorization"] == expected


def test_a_prepared_request_is_validated_when_it_is_sent(client, server):
    """What was changed since is checked; what was asked for is told apart from what was not."""
    prepared = client.session.prepare_request(waterspout.Request("GET", server.url()))
    prepared.headers["X-A"] = "a\r\nX-Evil: 1"
    with pytest.raises(waterspout.InvalidHeader) as caught:
        client.run(lambda: client.session.send(prepared))
    assert caught.value.may_have_been_sent is False
    assert server.received == []


def test_only_prepared_requests_are_sent(client, server):
    """As in requests, where many forget it."""
    with pytest.raises(ValueError):
        client.session.send(waterspout.Request("GET", server.url()))


def test_send_on_a_closed_session(io_loop):
    """A bug of the caller, told at once."""
    session = waterspout.Session()
    prepared = waterspout.Request("GET", "http://127.0.0.1/").prepare()
    io_loop.run_sync(session.close)
    with pytest.raises(waterspout.SessionClosed):
        session.send(prepared)


def test_send_takes_the_options_of_a_call(client, serve):
    """Redirects, timeouts and streams are the call's, not the request's."""
    server = serve(answering(response(status=302, headers=[("Location", "/to")]), response(b"x")))
    timeouts = []
    prepared = waterspout.Request("GET", server.url(), hooks={
        "response": lambda response, **options: timeouts.append(options["timeout"].connect),
    }).prepare()
    answer = client.run(lambda: client.session.send(prepared, allow_redirects=False, timeout=5))
    assert (answer.status_code, timeouts.pop()) == (302, 5)
    answer = client.run(lambda: client.session.send(prepared))
    assert (answer.status_code, len(answer.history)) == (200, 0)
    assert timeouts == [client.session.timeout.connect]


def test_send_follows_redirects(client, serve):
    """Unless told otherwise, as in requests."""
    server = serve(answering(response(status=302, headers=[("Location", "/to")]), response(b"x")))
    prepared = waterspout.Request("GET", server.url()).prepare()
    answer = client.run(lambda: client.session.send(prepared))
    assert (answer.status_code, len(answer.history)) == (200, 1)


def test_send_streams_by_keyword_or_session(io_loop, server):
    """By its own keyword, or by the session's word."""
    session = waterspout.Session()
    streamed = []
    prepared = waterspout.Request("GET", server.url(), hooks={
        "response": lambda response, **options: streamed.append(options["stream"]),
    }).prepare()

    @gen.coroutine
    def content(**kwargs):
        answer = yield session.send(prepared, **kwargs)
        body = yield answer.read()
        raise gen.Return((streamed.pop(), body))

    assert io_loop.run_sync(lambda: content(stream=True)) == (True, b"{}")
    session.stream = True
    assert io_loop.run_sync(content) == (True, b"{}")
    assert io_loop.run_sync(lambda: content(stream=False)) == (False, b"{}")
    io_loop.run_sync(session.close)


def test_one_request_sent_many_times_at_once(client, server):
    """Each is a copy."""
    prepared = waterspout.Request("POST", server.url(), data=b"body").prepare()
    answers = client.run(
        lambda: gen.multi([client.session.send(prepared) for _ in range(10)]))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert len(set(id(answer.request) for answer in answers)) == 10


# netrc


@pytest.fixture
def netrc(tmpdir, monkeypatch):
    """Write the user's netrc file."""
    path = tmpdir.join("netrc")
    monkeypatch.setenv("NETRC", str(path))
    return path.write


def test_netrc_only_when_asked(make_client, server, netrc):
    """A service's calls do not depend on whose home they are made from."""
    netrc("machine 127.0.0.1 login me password secret")
    make_client().get(server.url())
    assert field(server.received[-1]) is None
    make_client(trust_env=True).get(server.url())
    assert field(server.received[-1]) == BASIC


@pytest.mark.parametrize(
    "text, expected",
    [
        ("machine 127.0.0.1 login me password secret", BASIC),
        ("machine 127.0.0.1 account me password secret", BASIC),
        ("machine 127.0.0.1 password secret", "Basic OnNlY3JldA=="),
        ("default login me password secret", BASIC),
        ("machine 127.0.0.1", None),
        ("machine 127.0.0.2 login me password secret", None),
        ("machine 127.0.0.1 what is this", None),
        ("", None),
        ("machine 127.0.0.2 login me password secret\ndefault", None),
        (b"machine 127.0.0.1 login \xff\xfe password secret".decode("latin-1"), "?"),
    ],
)
def test_whole_and_partial_netrc_files_are_read(make_client, server, netrc, text, expected):
    """Whole ones, halves, and some that make no sense."""
    netrc(text.encode("latin-1"), mode="wb")
    client = make_client(trust_env=True)
    client.get(server.url())
    assert expected in ("?", field(server.received[0]))


@pytest.mark.parametrize("entry", ["login me", "account me", "", "login"])
def test_netrc_entries_with_gaps(make_client, server, netrc, entry):
    """Older Pythons refuse the file, newer ones take what is there: requests does as they do."""
    netrc("machine 127.0.0.1 " + entry)
    make_client(trust_env=True).get(server.url())
    requests.get(server.url(), timeout=30)
    assert field(server.received[0]) == field(server.received[1])


def test_the_netrc_file_of_the_home_folder_is_the_default(make_client, server, tmpdir, monkeypatch):
    """Where there is no other."""
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmpdir))
    client = make_client(trust_env=True)
    client.get(server.url())
    assert field(server.received[-1]) is None
    tmpdir.join("_netrc").write("machine 127.0.0.1 login me password secret")
    client.get(server.url())
    assert field(server.received[-1]) == BASIC


def test_given_credentials_count_more_than_netrc(make_client, server, netrc):
    """Whatever was given explicitly."""
    netrc("machine 127.0.0.1 login file password file")
    client = make_client(trust_env=True)
    client.get(server.url(), auth=("me", "secret"))
    assert field(server.received[-1]) == BASIC
    client.get(server.url().replace("//", "//me:secret@"))
    assert field(server.received[-1]) == BASIC
    client.session.auth = ("me", "secret")
    client.get(server.url())
    assert field(server.received[-1]) == BASIC
    client.get(server.url(), auth=())
    assert field(server.received[-1]) is None


def test_netrc_is_asked_for_the_host_and_not_for_userinfo(make_client, server, netrc):
    """The machine is where the call goes, and not what stands in front of a colon and an @."""
    netrc("machine machine.example login file password file\n"
          "machine 127.0.0.1 login file password file")
    make_client(trust_env=True).get(server.url().replace("//", "//machine.example:@"))
    assert field(server.received[-1]) == "Basic bWFjaGluZS5leGFtcGxlOg=="  # What the URL says.
    netrc("machine machine.example login file password file")
    make_client(trust_env=True).get(server.url().replace("//", "//@"))
    assert field(server.received[-1]) is None


def test_netrc_is_asked_for_the_host_of_a_redirect(make_client, serve, netrc):
    """The file may know who we are where we are sent to; it is told to that host only."""
    netrc("machine localhost login me password secret")
    with RawServer(answering(response(b"there"))) as other:
        place = other.url().replace("127.0.0.1", "localhost")
        server = serve(answering(response(status=302, headers=[("Location", place)])))
        make_client(trust_env=True).get(server.url(), auth=("a", "b"))
        assert field(server.received[0]) == "Basic YTpi"
        assert field(other.received[0]) == BASIC
        make_client().get(server.url(), auth=("a", "b"))
        assert field(other.received[1]) is None
