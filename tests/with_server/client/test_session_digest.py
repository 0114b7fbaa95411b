"""Digest authentication on every transport, against a server that counts."""

from __future__ import absolute_import, division, print_function

import io

import pytest
import requests
from digest_guard import DigestGuard, challenging_chunks
from raw_server import RawServer, response
from tornado import gen

import waterspout


def login(guard=DigestGuard):
    return waterspout.HTTPDigestAuth(guard.username, guard.password)


@pytest.mark.parametrize("qop", ["auth", "auth-int, auth", None])
@pytest.mark.parametrize(
    "algorithm",
    [None, "MD5", "md5-sess", "SHA", "SHA-256", "sha-512", "SHA-256-sess", "MD5-sess"],
)
def test_each_digest_algorithm_is_answered(client, serve, algorithm, qop):
    """Each algorithm, with qop and without: the first answer is a challenge, then one is in."""
    guard = DigestGuard(algorithm=algorithm, qop=qop)
    if qop == "auth-int, auth":
        guard.proves = lambda given, request: DigestGuard.proves(guard, given, request) and (
            given["qop"] == "auth")
    server = serve(guard)
    answer = client.get(server.url("/a?b=c%20d"), auth=login())
    assert (answer.status_code, answer.content) == (200, b"come in")
    assert len(guard.challenged) == len(guard.admitted) == 1


def test_the_challenge_is_in_the_history(client, serve):
    """As in requests, ``history`` has the challenge."""
    answer = client.get(serve(DigestGuard()).url(), auth=login())
    assert [each.status_code for each in answer.history] == [401]
    assert "Authorization" not in answer.history[0].request.headers
    assert answer.request.headers["Authorization"].startswith("Digest ")


def test_later_calls_are_signed_at_once(client, serve):
    """One challenge serves many calls, each with a count of its own."""
    guard, auth = DigestGuard(), login()
    server = serve(guard)
    for path in ("/a", "/b", "/c?d"):
        assert client.get(server.url(path), auth=auth).status_code == 200
    assert len(guard.challenged) == 1
    assert [request.target for request in guard.admitted] == ["/a", "/b", "/c?d"]


def test_a_stale_nonce_costs_one_more_exchange(client, serve):
    """The server may want another nonce at any time."""
    guard, auth = DigestGuard(uses=2), login()
    server = serve(guard)
    for _ in range(5):
        assert client.get(server.url(), auth=auth).status_code == 200
    assert (len(guard.challenged), len(guard.admitted)) == (3, 5)


def test_a_wrong_password_is_refused_once(client, serve):
    """The challenge is answered once; what the server says then is the result."""
    guard = DigestGuard()
    auth = waterspout.HTTPDigestAuth(guard.username, "wrong")
    answer = client.get(serve(guard).url(), auth=auth)
    assert answer.status_code == 401
    assert len(guard.challenged) == 2
    assert [each.status_code for each in answer.history] == [401]


def test_concurrent_calls_use_each_nonce_count_once(make_client, serve):
    """They share nonces without using one count twice, whatever order they come in."""
    guard, auth = DigestGuard(uses=7), login()
    server = serve(guard)
    client = make_client(auth=auth, max_connections=8, max_workers=8)

    @gen.coroutine
    def call(number):
        answer = yield client.session.get(server.url("/%d" % number))
        raise gen.Return(answer)

    answers = client.run(lambda: gen.multi([call(number) for number in range(40)]))
    # A nonce may run out between the challenge and the answer to it, as in every client.
    refused = [answer for answer in answers if answer.status_code != 200]
    assert all(len(answer.history) == 1 for answer in refused)
    admitted = [request.target for request in guard.admitted]
    assert len(admitted) == len(set(admitted)) == 40 - len(refused)
    assert len(admitted) > 20


def test_the_body_is_sent_again_after_a_challenge(client, serve):
    """Both exchanges carry it."""
    guard = DigestGuard()
    server = serve(guard)
    assert client.post(server.url(), data=b"body", auth=login()).status_code == 200
    assert [request.body for request in server.received] == [b"body", b"body"]


def test_a_file_is_sent_again_after_a_challenge_from_its_position(io_loop, serve):
    """Not from its start, and not from its end."""
    guard = DigestGuard()
    server = serve(guard)
    session = waterspout.Session(auth=login())
    data = io.BytesIO(b"skipped, sent")
    data.seek(9)
    answer = io_loop.run_sync(lambda: session.post(server.url(), data=data), timeout=30)
    assert answer.status_code == 200
    assert [request.body for request in server.received] == [b"sent", b"sent"]
    io_loop.run_sync(session.close)


def test_an_iterator_cannot_be_sent_again_after_a_challenge(io_loop, serve):
    """What a generator made is not kept: better no answer than half a body."""
    server = serve(challenging_chunks)
    session = waterspout.Session(auth=login())
    with pytest.raises(waterspout.exceptions.UnrewindableBodyError) as caught:
        io_loop.run_sync(
            lambda: session.post(server.url(), data=iter([b"a", b"b"])), timeout=30)
    assert caught.value.response.status_code == 401
    assert caught.value.request.method == "POST"
    assert len(server.received) == 1
    io_loop.run_sync(session.close)


def test_redirects_on_the_same_origin_are_signed_again(client, serve):
    """The proof is of one method and target: the next request needs its own."""
    guard = DigestGuard(place=lambda request: (
        response(b"arrived") if request.target == "/to" else
        response(status=302, headers=[("Location", "/to")])))
    answer = client.get(serve(guard).url("/from"), auth=login())
    assert (answer.status_code, answer.content) == (200, b"arrived")
    assert [each.status_code for each in answer.history] == [401, 302]
    assert len(guard.challenged) == 1


def test_challenges_do_not_count_as_redirects(make_client, serve):
    """``max_redirects`` is about redirects."""
    guard = DigestGuard(uses=1, place=lambda request: (
        response(b"arrived") if request.target == "/2" else
        response(status=302, headers=[("Location", "/%d" % (len(guard.admitted),))])))
    client = make_client(max_redirects=2)
    answer = client.get(serve(guard).url("/0"), auth=login())
    assert answer.content == b"arrived"
    assert [each.status_code for each in answer.history] == [401, 302, 401, 302, 401]


def test_hooks_see_the_response_after_the_challenge(client, serve):
    """The challenge is answered before anybody is asked, as in requests."""
    seen = []
    client.get(serve(DigestGuard()).url(), auth=login(),
               hooks={"response": lambda response, **kwargs: seen.append(response.status_code)})
    assert seen == [200]


def test_a_challenge_of_another_scheme_is_the_result(client, serve):
    """A 401 that asks for what we cannot do is a result like any other."""
    server = serve(lambda peer: [
        peer.send(response(b"no", status=401, headers=[("WWW-Authenticate", 'Basic realm="b"')]))
        for _ in peer.requests()])
    answer = client.get(server.url(), auth=login())
    assert (answer.status_code, answer.history) == (401, [])
    assert len(server.received) == 1


def test_a_challenge_with_status_200_is_not_answered(client, serve):
    """A 200 is the answer, whatever else it says."""
    server = serve(lambda peer: [
        peer.send(response(b"in", headers=[("WWW-Authenticate", 'Digest realm="r", nonce="n"')]))
        for _ in peer.requests()])
    answer = client.get(server.url(), auth=login())
    assert (answer.status_code, answer.history) == (200, [])
    assert len(server.received) == 1


def test_a_challenge_sets_cookies(client, serve):
    """The answer to it brings them along, and the session keeps them."""
    guard = DigestGuard()
    challenge = guard.challenge
    guard.challenge = lambda request, stale=False: challenge(request, stale).replace(
        b"\r\n", b"\r\nSet-Cookie: fake=value\r\n", 1)
    server = serve(guard)
    assert client.get(server.url()).cookies["fake"] == "value"
    client.session.cookies.clear()
    assert client.get(server.url(), auth=login()).status_code == 200
    assert client.session.cookies["fake"] == "value"
    assert dict(guard.admitted[0].headers)["cookie"] == "fake=value"


def test_a_challenged_response_may_be_streamed(io_loop, serve):
    """The challenge's body is dropped; that of the final response is streamed."""
    session = waterspout.Session(auth=login())
    server = serve(DigestGuard())

    @gen.coroutine
    def call():
        answer = yield session.get(server.url(), stream=True)
        content = yield answer.read()
        raise gen.Return((answer.status_code, content))

    assert io_loop.run_sync(call, timeout=30) == (200, b"come in")
    io_loop.run_sync(session.close)


def test_the_digest_class_of_requests_works(client, serve):
    """It sends from within a hook; ours does its work, and its nonce serves many calls."""
    guard = DigestGuard()
    auth = requests.auth.HTTPDigestAuth("Mufasa", "Circle of Life")
    server = serve(guard)
    for _ in range(2):
        assert client.get(server.url(), auth=auth).status_code == 200
    assert (len(guard.challenged), len(guard.admitted)) == (1, 2)
    auth.password = "wrong"
    assert client.get(server.url(), auth=auth).status_code == 401


def test_digest_may_be_wrapped_in_a_callable(client, serve):
    """What wraps it may add to what it does."""
    digest = login()

    def both(request):
        request.headers["X-Also"] = "this"
        return digest(request)

    guard = DigestGuard()
    assert client.get(serve(guard).url(), auth=both).status_code == 200
    assert dict(guard.admitted[0].headers)["x-also"] == "this"


def test_auth_classes_that_send_from_a_hook_are_refused_with_advice(client, serve):
    """As requests' NTLM and Kerberos do: they are told what to do instead."""

    class Handshake(requests.auth.AuthBase):
        def __call__(self, request):
            request.register_hook("response", self.handle_response)
            return request

        def handle_response(self, response, **kwargs):
            if response.status_code == 401:
                return response.connection.send(response.request.copy(), **kwargs)
            return response

    with pytest.raises(AttributeError) as caught:
        client.get(serve(DigestGuard()).url(), auth=Handshake())
    assert "connection" in str(caught.value) and "responder" in str(caught.value)


def test_a_challenge_of_another_origin_is_not_answered(client, serve):
    """The proof for one origin says something about its password: it is shown to no other."""
    auth = login()
    guard = DigestGuard()
    client.get(serve(guard).url(), auth=auth)
    with RawServer(DigestGuard(realm="other")) as other:
        client.get(other.url(), auth=auth)
        assert "authorization" not in dict(other.received[0].headers)
