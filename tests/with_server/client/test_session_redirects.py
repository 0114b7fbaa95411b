"""What there is to redirects beside following them: next, max_redirects, history, streams."""

from __future__ import absolute_import, division, print_function

import io

import pytest
from client_fixtures import Client
from raw_server import answering, response

import waterspout


def to(location, status=302, **options):
    return response(b"moved", status=status, headers=[("Location", location)], **options)


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
def test_permanent_redirects_are_301_and_308(serve, client, status):
    """301 and 308, if they say where to."""
    server = serve(answering(to("/x", status), response(b"", status=status)))
    first = client.get(server.url(), allow_redirects=False)
    assert first.is_permanent_redirect == (status in (301, 308))
    assert client.get(server.url(), allow_redirects=False).is_permanent_redirect is False


def test_next_is_the_request_that_was_not_sent(serve, client):
    """Of a redirect that was not followed: method, headers, cookies and body of the next step."""
    server = serve(answering(response(b"", status=302, headers=[
        ("Location", "/there#part"), ("Set-Cookie", "a=1; Path=/")])))
    answer = client.post(server.url("/here"), data={"x": "y"}, headers={"X-Kept": "1"},
                         allow_redirects=False)
    step = answer.next
    assert isinstance(step, waterspout.PreparedRequest) and answer.next is step
    assert (step.method, step.url, step.body) == ("GET", server.url("/there#part"), None)
    assert (step.headers["Cookie"], step.headers["X-Kept"]) == ("a=1", "1")
    assert "Content-Type" not in step.headers
    assert answer.history == [] and len(server.received) == 1


def test_next_is_none_without_a_redirect(serve, client):
    """None: of other statuses, of a redirect to nowhere, and of the end of a chain."""
    server = serve(answering(response(b""), response(b"", status=302), to("/x"), response(b"")))
    assert client.get(server.url(), allow_redirects=False).next is None
    assert client.get(server.url(), allow_redirects=False).next is None
    arrived = client.get(server.url())
    assert arrived.next is None and arrived.history[0].next is None


def test_a_bad_location_is_an_error_when_next_is_read(serve, client):
    """Who does not follow redirects gets the response, as in requests."""
    answer = client.get(serve(answering(to("ftp://host/"))).url(), allow_redirects=False)
    assert answer.status_code == 302
    with pytest.raises(waterspout.InvalidSchema) as caught:
        str(answer.next)
    assert caught.value.response is answer


def test_max_redirects_may_be_changed(serve, client):
    """It counts when the redirect comes."""
    server = serve(answering(to("/again")))
    for most in (2, 5):
        client.session.max_redirects = most
        del server.received[:]
        assert type(client.error_of("GET", server.url())) is waterspout.TooManyRedirects
        assert len(server.received) == most + 1


def test_each_response_has_the_history_before_it(serve, client):
    """Each response knows those before it; the error's response as well."""
    server = serve(answering(to("/1"), to("/2"), response(b"")))
    answer = client.get(server.url())
    assert [each.url for each in answer.history] == [server.url("/"), server.url("/1")]
    assert [len(each.history) for each in answer.history] == [0, 1]
    assert [each.content for each in answer.history] == [b"moved", b"moved"]


@pytest.mark.parametrize("status", [307, 308])
def test_bytes_are_sent_again_at_a_redirect(serve, client, status):
    """Bytes, on every transport."""
    server = serve(answering(to("/there", status), response(b"")))
    client.post(server.url(), data=b"body", headers={"Content-Type": "x/y"})
    assert [request.body for request in server.received] == [b"body", b"body"]
    assert dict(server.received[1].headers)["content-type"] == "x/y"


@pytest.fixture
def pooled(io_loop):
    client = Client(io_loop, "pooled", max_body_bytes=4096)
    yield client
    client.close()


def test_a_file_is_sent_again_and_an_iterator_is_not(serve, pooled):
    """A file from where it stood; what cannot be had twice is an error that says so."""
    server = serve(answering(to("/there", 307), response(b""), to("/there", 307)))
    data = io.BytesIO(b"--body")
    data.seek(2)
    pooled.post(server.url(), data=data)
    assert [request.body for request in server.received] == [b"body", b"body"]


def test_an_iterator_is_not_sent_again(serve, pooled):
    """303 needs no body; 307 does."""

    def behave(peer):
        for status in (303, 307):
            peer._read_until(b"0\r\n\r\n")
            peer.send(to("/there", status))
            if status == 303:
                peer.read_request()
                peer.send(response(b"arrived"))
        peer.hold()

    server = serve(behave)
    assert pooled.post(server.url(), data=iter([b"body"])).content == b"arrived"
    with pytest.raises(waterspout.exceptions.UnrewindableBodyError) as caught:
        pooled.post(server.url(), data=iter([b"body"]))
    assert caught.value.response.status_code == 307
    pooled.wait_until_idle()


def endless(gone):
    """/: redirects, with a body that has no end; anything else answers."""

    def behave(peer):
        for request in peer.requests():
            if request.target != "/":
                peer.send(response(b"arrived"))
                continue
            peer.send(to("/there", length=False)[:-len(b"\r\n\r\nmoved")]
                      + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
            try:
                while True:
                    peer.send(b"400\r\n" + b"x" * 1024 + b"\r\n")
            except EnvironmentError:
                gone.append(True)
                raise

    return behave


def test_an_endless_redirect_is_too_large(serve, make_client):
    """Its body is read for the history, up to the limit of any body; then it is hung up on."""
    gone = []
    client = make_client(max_body_bytes=4096)
    error = client.error_of("GET", serve(endless(gone)).url())
    assert type(error) is waterspout.ResponseTooLarge
    if client.transport != "threads":  # A thread finds out by itself.
        client.wait_until(lambda: gone == [True])
    client.wait_until_idle()


def test_an_endless_redirect_of_a_stream_is_closed(serve, pooled):
    """Its body is not read at all: the connection is closed, the redirect followed on another."""
    gone = []
    server = serve(endless(gone))
    answer = pooled.get(server.url(), stream=True)
    assert pooled.run(answer.read) == b"arrived"
    pooled.wait_until(lambda: gone == [True])
    assert server.accepted == 2


def test_a_streams_redirect_keeps_its_connection(serve, pooled):
    """Where the body came with the head, the connection serves the next step."""
    server = serve(answering(to("/there"), response(b"arrived")))
    answer = pooled.get(server.url(), stream=True)
    assert pooled.run(answer.read) == b"arrived"
    assert server.accepted == 1


@pytest.mark.parametrize("location", ["ftp://host/", "/again"])
def test_a_stream_that_cannot_be_followed_is_closed(serve, pooled, location):
    """A bad Location, or one too many: the error has the response, and no connection is held."""
    gone = []

    def behave(peer):
        peer.read_request()
        peer.send(response(b"", status=302, headers=[
            ("Location", location), ("Content-Length", "9")], length=False))
        peer.hold()
        gone.append(peer.gone.is_set())

    pooled.session.max_redirects = 0 if location == "/again" else 30
    with pytest.raises(waterspout.RequestException) as caught:
        pooled.get(serve(behave).url(), stream=True, timeout=600)
    assert caught.value.response.status_code == 302
    pooled.wait_until_idle()
    pooled.wait_until(lambda: gone == [True])
