"""A server that asks for credentials of another origin, or for more than it should get."""

from __future__ import absolute_import, division, print_function

import pytest
from digest_guard import DigestGuard
from raw_server import RawServer, answering, response

import waterspout

SECRETS = ("authorization", "proxy-authorization", "cookie")


def challenge(field):
    return response(b"who?", status=401, headers=[("WWW-Authenticate", field)])


def redirect(url):
    return response(status=307, headers=[("Location", url)])


def names(request):
    return [name for name, _ in request.headers]


@pytest.mark.parametrize(
    "auth",
    [
        ("me", "secret"),
        waterspout.HTTPBearerAuth("secret"),
        waterspout.HTTPProxyAuth("me", "secret"),
        waterspout.HTTPDigestAuth("me", "secret"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("of_session", [True, False])
def test_credentials_of_a_callee_stay_on_its_origin(make_client, serve, auth, of_session):
    """Credentials that a redirect target asks for are sent to its own origin only."""
    with RawServer(answering(challenge('Digest realm="r", nonce="n", qop="auth"'))) as other:
        server = serve(answering(redirect(other.url())))
        client = make_client(auth=auth if of_session else None)
        answer = client.get(server.url(), auth=None if of_session else auth)
        assert answer.status_code == 401
        assert len(other.received) == 1
        assert not set(names(other.received[0])) & set(SECRETS)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("how", ["headers", "of_session", "cookies", "url"])
def test_given_credentials_are_not_sent_to_another_origin(make_client, serve, status, how):
    """By hand, in whatever case, twice; by the session; in the URL."""
    headers = waterspout.Headers([
        ("authorization", "Bearer secret"), ("COOKIE", "sid=secret"),
        ("Proxy-authorization", "Basic secret"), ("Authorization", "Bearer secret")])
    kwargs = {"cookies": {"cookies": {"sid": "secret"}}, "headers": {"headers": headers}}
    with RawServer(answering(response(b"x"))) as other:
        server = serve(answering(
            response(status=status, headers=[("Location", other.url())])))
        client = make_client(headers=headers if how == "of_session" else None)
        url = server.url().replace("//", "//me:secret@" if how == "url" else "//")
        client.post(url, **kwargs.get(how, {}))
        assert set(names(server.received[0])) & set(SECRETS)
        assert not set(names(other.received[0])) & set(SECRETS)


def test_headers_that_auth_sets_are_not_sent_to_another_origin(client, serve):
    """Whatever ``auth=`` sets is a credential, by any name; what else it says comes along."""

    def auth(request):
        assert request.headers["X-Trace"] == "1"
        request.headers["X-Api-Key"] = "secret"
        request.headers["x-token"] = "new"
        request.headers["Content-Type"] = "text/plain"
        return request

    with RawServer(answering(response(b"x"))) as other:
        server = serve(answering(redirect("/here"), redirect(other.url())))
        client.post(server.url(), data="body", auth=auth,
                    headers={"X-Trace": "1", "X-Token": "old"})
        assert dict(server.received[1].headers)["x-api-key"] == "secret"
        received = dict(other.received[0].headers)
        assert not set(received) & {"x-api-key", "x-token"}
        assert (received["x-trace"], received["content-type"]) == ("1", "text/plain")
        assert other.received[0].body == b"body"


def test_the_answer_to_a_challenge_is_not_sent_to_another_origin(client, serve):
    """What was said to a challenge is a credential as well."""

    class Tokens(waterspout.AuthBase):
        def __call__(self, request):
            request.responder = self
            return request

        def respond(self, request, response):
            if response.status_code != 401:
                return None
            answer = request.copy()
            answer.headers["X-Token"] = "secret"
            return answer

    with RawServer(answering(response(b"x"))) as other:
        server = serve(answering(response(status=401), redirect(other.url())))
        assert client.get(server.url(), auth=Tokens()).status_code == 200
        assert "x-token" in names(server.received[1])
        assert "x-token" not in names(other.received[0])


def test_a_known_nonce_is_not_used_at_another_origin(client, serve):
    """The nonce of one origin is of no use at another, and nothing is said about it there."""
    with RawServer(DigestGuard()) as other:
        guard = DigestGuard(place=lambda request: redirect(other.url()))
        auth = waterspout.HTTPDigestAuth(guard.username, guard.password)
        assert client.get(serve(guard).url(), auth=auth).status_code == 401
        assert len(other.received) == 1
        assert "authorization" not in names(other.received[0])


def test_dropped_credentials_do_not_come_back_with_a_redirect(client, serve):
    """What was dropped does not come back by itself."""
    with RawServer(answering(redirect("will be replaced"))) as other:
        server = serve(answering(redirect(other.url()), challenge('Digest realm="r", nonce="n"')))
        other._behave = answering(redirect(server.url("/back")))
        auth = waterspout.HTTPDigestAuth("me", "secret")
        assert client.get(server.url(), auth=auth).status_code == 401
        assert [request.target for request in server.received] == ["/", "/back"]
        assert "authorization" not in names(server.received[1])


def test_endless_challenges_take_two_exchanges(client, serve):
    """Two exchanges, however often it asks."""
    server = serve(answering(challenge('Digest realm="r", nonce="n", stale=true, qop="auth"')))
    auth = waterspout.HTTPDigestAuth("me", "secret")
    assert client.get(server.url(), auth=auth).status_code == 401
    assert len(server.received) == 2


@pytest.mark.parametrize(
    "field",
    [
        'Digest realm="r", nonce="n\\", nc=1, response=\\"x"',
        'Digest realm="a\\\\", nonce="n"',
        'Digest realm="' + "r" * 20000 + '", nonce="' + "\\\\" * 10000 + '"',
    ],
)
def test_a_challenge_cannot_inject_fields_into_its_answer(client, serve, field):
    """What it says is said back as one quoted string."""
    server = serve(answering(challenge(field)))
    auth = waterspout.HTTPDigestAuth("me", "secret")
    assert client.get(server.url(), auth=auth).status_code == 401
    said = dict(server.received[1].headers)["authorization"]
    fields = said[len("Digest "):].split(", ")
    assert [each.partition("=")[0] for each in fields if "=" in each][:2] == ["username", "realm"]
    quoted = field.partition('nonce="')[2].rpartition('"')[0]
    assert 'nonce="%s", uri=' % quoted in said


def test_errors_and_reprs_show_no_credentials(client, serve):
    """Neither the password nor the token is in what is logged of a failed call."""
    server = serve(lambda peer: peer.read_request() and peer.close())
    for auth in (("me", "secret"), waterspout.HTTPBearerAuth("secret"),
                 waterspout.HTTPDigestAuth("me", "secret")):
        error = client.error_of("GET", server.url(), auth=auth)
        for shown in (str(error), repr(error), repr(error.request), repr(error.request.headers)):
            assert "secret" not in shown and "bWU6c2VjcmV0" not in shown
    for auth in (waterspout.HTTPBasicAuth("me", "secret"), waterspout.HTTPProxyAuth("a", "secret"),
                 waterspout.HTTPBearerAuth("secret"), waterspout.HTTPDigestAuth("me", "secret")):
        assert "secret" not in repr(auth)
        assert "secret" not in repr(waterspout.Session(auth=auth))
        assert "secret" not in repr(waterspout.BaseSDK("host", "org", auth=auth))


def spoil(change):
    """An auth callable that sets something it should not."""

    def auth(request):
        change(request)
        return request

    return auth


def set_header(name, value):
    return spoil(lambda request: request.headers.__setitem__(name, value))


@pytest.mark.parametrize(
    "auth",
    [
        set_header("X-A", "a\r\nX-Evil: 1"),
        set_header("X-A", "a\nb"),
        set_header("X-A", "a\x00b"),
        set_header("X-A", b"a\r\nb"),
        set_header("X-A\r\nX-Evil", "1"),
        set_header("X A", "1"),
        set_header("X-A", 1),
        spoil(lambda request: setattr(request, "headers", {"X-A": "a\rb"})),
        spoil(lambda request: request.headers.add("X-A", "a\r\nb")),
        spoil(lambda request: request.prepare_headers({"X-A": "a\r\nb"})),
        spoil(lambda request: setattr(request, "method", "GET / HTTP/1.1\r\nX-Evil: 1\r\n\r\n")),
        waterspout.HTTPBearerAuth("a\r\nX-Evil: 1"),
    ],
)
def test_headers_that_auth_sets_are_validated(client, serve, auth):
    """What ``auth=`` sets is checked like everything else; nothing is sent."""
    server = serve(answering(response(b"x")))
    with pytest.raises(waterspout.InvalidHeader) as caught:
        client.get(server.url(), auth=auth)
    assert caught.value.may_have_been_sent is False
    assert server.received == []


def test_a_url_that_auth_sets_is_escaped(client, serve):
    """A URL that ``auth=`` sets is escaped like every other."""
    server = serve(answering(response(b"x")))
    url = server.url("/a\r\nX-Evil: 1 HTTP/1.1\r\n")
    client.get(server.url(), auth=spoil(lambda request: setattr(request, "url", url)))
    assert server.received[0].target == "/a%0D%0AX-Evil:%201%20HTTP/1.1%0D%0A"
    assert "x-evil" not in names(server.received[0])


def test_auth_cannot_add_a_second_body_length(client, serve):
    """Two voices about where the body ends are an attack, also when ``auth=`` is one of them."""
    server = serve(answering(response(b"x")))

    def auth(request):
        request.headers["Content-Length"] = "1"
        request.headers["Transfer-Encoding"] = "chunked"
        request.headers.add("Content-Length", "2")
        request.body = b"four"
        return request

    client.post(server.url(), data=b"longer than that", auth=auth)
    received = server.received[0]
    assert received.body == b"four"
    assert names(received).count("content-length") == 1
    assert "transfer-encoding" not in names(received)


def test_headers_that_a_hook_sets_are_validated_on_a_redirect(client, serve):
    """What a hook puts into a request that is redirected is checked before it is sent again."""
    server = serve(answering(redirect("/there")))

    def hook(response, **kwargs):
        response.request.headers["X-A"] = "a\r\nX-Evil: 1"

    with pytest.raises(waterspout.InvalidHeader):
        client.get(server.url(), hooks={"response": hook})
    assert len(server.received) == 1
