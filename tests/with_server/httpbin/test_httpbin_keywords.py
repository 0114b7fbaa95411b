"""httpbin's endpoints for cookies, auth, files, streams and codings, over every transport."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from differences import skip_unless_streaming


def test_cookies_of_a_call_are_sent(client, httpbin):
    """``/cookies`` tells what it got; the next call does not send them."""
    told = client.get(httpbin("/cookies"), cookies={"a": "1", "b": "2"}).json()
    assert told == {"cookies": {"a": "1", "b": "2"}}
    assert client.get(httpbin("/cookies")).json() == {"cookies": {}}


def test_cookies_are_kept_by_a_session_with_a_jar(make_client, httpbin):
    """``/cookies/set`` sets one on a redirect; it is sent on, deleted, and gone."""
    client = make_client(cookies={})
    response = client.get(httpbin("/cookies/set?fresh=1"))
    assert response.json() == {"cookies": {"fresh": "1"}}
    assert response.history[0].cookies["fresh"] == "1"
    assert client.session.cookies["fresh"] == "1"
    assert client.get(httpbin("/cookies/delete?fresh")).json() == {"cookies": {}}
    assert "fresh" not in client.session.cookies


def test_cookies_are_not_kept_unasked(make_client, httpbin):
    """A session without a jar: what one caller was given, another does not send."""
    client = make_client(cookies=None)
    client.get(httpbin("/cookies/set?fresh=1"))
    assert client.get(httpbin("/cookies")).json() == {"cookies": {}}


def test_basic_auth(client, httpbin):
    """A pair is basic authentication; the wrong one gets 401."""
    url = httpbin("/basic-auth/user/pass")
    assert client.get(url, auth=("user", "pass")).json()["user"] == "user"
    assert client.get(url, auth=("user", "other")).status_code == 401
    assert client.get(httpbin("/hidden-basic-auth/user/pass")).status_code == 404


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256", "SHA-512"])
def test_digest_auth(client, httpbin, algorithm):
    """The challenge is answered once; a wrong password stays a 401."""
    from waterspout.auth.basic import HTTPDigestAuth

    url = httpbin("/digest-auth/auth/user/pass/%s" % algorithm)
    assert client.get(url, auth=HTTPDigestAuth("user", "pass")).ok
    assert client.get(url, auth=HTTPDigestAuth("user", "other")).status_code == 401


def test_bearer_token(client, httpbin):
    """A callable may set any header."""

    def bearer(request):
        request.headers["Authorization"] = "Bearer secret"
        return request

    assert client.get(httpbin("/bearer"), auth=bearer).json()["token"] == "secret"
    assert client.get(httpbin("/bearer")).status_code == 401


def test_files_arrive(client, httpbin):
    """A file by its name, one with name and type, and the fields beside them."""
    told = client.post(
        httpbin("/post"),
        data={"field": "value"},
        files={"plain": b"some bytes", "named": ("n.txt", io.BytesIO(b"more"), "text/plain")},
    ).json()
    assert told["files"] == {"plain": "some bytes", "named": "more"}
    assert told["form"] == {"field": "value"}
    assert told["headers"]["Content-Type"].startswith("multipart/form-data; boundary=")


def test_a_body_is_pulled(client, httpbin):
    """``/stream-bytes`` in pieces of the size asked for, and nothing is lost."""
    skip_unless_streaming(client.transport)
    url = httpbin("/stream-bytes/50000?seed=3&chunk_size=700")
    whole = client.get(url).content
    response = client.get(url, stream=True)
    pieces = response.iter_content(1024)
    pulled = []
    while not pulled or pulled[-1]:
        pulled.append(client.run(pieces.next))
    assert b"".join(pulled) == whole
    assert set(len(piece) for piece in pulled[:-2]) == {1024}


def test_a_drip_is_pulled_as_it_comes(client, httpbin):
    """The head is there long before the body."""
    skip_unless_streaming(client.transport)
    response = client.get(httpbin("/drip?numbytes=4&duration=0.4&delay=0"), stream=True)
    assert client.run(response.read) == b"****"
    assert response.trace.total - response.elapsed.total_seconds() >= 0.25


def test_a_brotli_body_is_decoded(client, httpbin):
    """Where a package for it is installed, which httpbin's own dependencies bring."""
    response = client.get(httpbin("/brotli"))
    assert response.headers["Content-Encoding"] == "br"
    assert response.json()["brotli"] is True
