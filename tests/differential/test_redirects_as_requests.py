"""Redirects as plain requests follows them, on every transport."""

from __future__ import absolute_import, division, print_function

import sys

import pytest
import requests
from both_ways import comparable
from differences import LIMITS
from raw_server import RawServer, answering, response

import waterspout

PY2 = sys.version_info[0] == 2


def redirecting(location, status=302, body=b"moved"):
    """A reply: ``/from...`` redirects, anything else answers."""

    def reply(request):
        head = request.method == "HEAD"
        if not request.target.startswith(u"/from"):
            return response(b"" if head else b"arrived")
        fields = [] if location is None else [("Location", location)]
        return response(b"" if head else body, status=status, headers=fields)

    return reply


def same(pair, method="GET", path="/from", **kwargs):
    """Assert that both make the same requests and get the same answer; return what arrived."""
    url = pair.server.url(path)
    ours, theirs = pair.ours(method, url, **kwargs), pair.theirs(method, url, **kwargs)
    assert ours == theirs
    return ours


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 306, 307, 308, 399])
@pytest.mark.parametrize("method", "GET HEAD POST PUT PATCH DELETE OPTIONS PROPFIND".split())
@pytest.mark.parametrize("content", [{}, {"data": {"a": "b"}}], ids=["empty", "form"])
def test_methods_after_a_redirect_are_chosen_alike(pair, status, method, content):
    """What becomes of method, body and the headers that describe it."""
    if PY2 and method == "PROPFIND" and status == 301:
        pytest.skip("newer than the urllib3 of 2.7: Content-Length: 0 for methods it does not know")
    if method == "HEAD" and content and (pair.transport, "head_with_body") in LIMITS:
        pytest.skip(LIMITS[pair.transport, "head_with_body"])
    pair.reply = redirecting("/to", status=status, body=b"" if status == 304 else b"moved")
    same(pair, method, allow_redirects=True, headers={"X-Kept": "1"}, **content)


@pytest.mark.parametrize(
    "location",
    [
        "/to", "../../to", "../to?q=2#there", "/to#there", "/to?a=b&c=%20%2F",
        "/to it", "/to/\xe4\xb8\xad", "/to?q=\xe4\xb8\xad", "/to/%zz", "/to/%7e", "  /to",
    ],
)
@pytest.mark.parametrize(
    "path", ["/from/a/b", "/from/a/?q=1", "/from/a/b#here", "/from/a/?q=1#here"]
)
def test_locations_are_followed_alike(pair, path, location):
    """Relative ones, odd ones, and the fragment that is kept unless there is another."""
    pair.reply = redirecting(location)
    same(pair, path=path)


@pytest.mark.parametrize("location", ["to", "./to", "?q=2", "#there", "."])
def test_relative_locations_are_followed_alike(pair, location):
    """Relative to the path itself, which here answers when it is asked again."""
    answers = [response(status=302, headers=[("Location", location)]), response(b"arrived")] * 2
    pair.reply = lambda request: answers.pop(0)
    same(pair, path="/from/a/b?q=1#here")
    assert answers == []


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, gzip"])
def test_a_redirect_in_a_wrong_coding_is_followed(pair, coding):
    """The Location counts: it is followed, and handed out without a body."""
    moved = response(b"moved", status=302, headers=[
        ("Location", "/to"), ("Content-Encoding", coding)])
    pair.reply = lambda request: moved if request.target == u"/from" else response(b"arrived")
    arrived, answer = same(pair)
    assert answer.content == b"arrived" and len(arrived) == 2
    assert same(pair, allow_redirects=False)[1].content == b""


def test_a_location_on_the_same_scheme(pair):
    """Two slashes and a host."""
    pair.reply = redirecting("//%s/to//" % pair.server.address)
    same(pair)


def test_an_absolute_location(pair):
    """To another path of the same server, named in full."""
    pair.reply = redirecting(pair.server.url("/to?a=b"))
    arrived, answer = same(pair)
    assert [request.target for request in arrived] == ["/from", "/to?a=b"]
    assert answer.url == pair.server.url("/to?a=b")


@pytest.mark.parametrize("location", [None, ""])
def test_a_redirect_without_location_is_the_response(pair, location):
    """A redirect to nowhere is an answer like any other."""
    pair.reply = redirecting(location)
    assert same(pair)[1].status_code == 302


def test_the_history_has_every_redirect(pair):
    """The history has every step, oldest first, each with its own URL."""

    def reply(request):
        step = int(request.target.strip(u"/") or 0)
        if step == 4:
            return response(b"arrived")
        return response(status=302, headers=[("Location", "/%d" % (step + 1))])

    pair.reply = reply
    arrived, answer = same(pair, path="/0")
    assert [request.target for request in arrived] == ["/0", "/1", "/2", "/3", "/4"]
    assert [step[2] for step in answer.history] == ["/1", "/2", "/3", "/4"]


def test_not_followed_unless_asked(pair):
    """``allow_redirects=False``, which is head()'s default."""
    pair.reply = redirecting("/to")
    arrived, answer = same(pair, allow_redirects=False)
    assert (len(arrived), answer.status_code, answer.history) == (1, 302, [])
    ours = pair.client.run(lambda: pair.client.session.head(pair.server.url("/from")))
    theirs = requests.head(pair.server.url("/from"), timeout=30)
    assert ours.status_code == theirs.status_code == 302


def test_a_redirect_loop_ends_after_thirty(pair):
    """Thirty redirects are followed, and the last response comes with the error."""
    pair.reply = redirecting("/from")
    del pair.server.received[:]
    with pytest.raises(requests.TooManyRedirects):
        requests.get(pair.server.url("/from"), timeout=30)
    theirs = len(pair.server.received)
    del pair.server.received[:]
    error = pair.client.error_of("GET", pair.server.url("/from"))
    assert type(error) is waterspout.TooManyRedirects
    assert len(pair.server.received) == theirs == 31
    assert (error.response.status_code, len(error.response.history)) == (302, 30)


@pytest.mark.parametrize("status", [301, 303, 307])
def test_authorization_is_not_sent_to_another_origin(pair, status):
    """To another port: Authorization stays behind, other headers go along."""
    with RawServer(answering(response(b"there"))) as other:
        pair.reply = redirecting(other.url("/to"), status=status)
        headers = {"Authorization": "Bearer secret", "X-Custom": "1"}
        arrived = []
        for call in (pair.ours, pair.theirs):
            call("POST", pair.server.url("/from"), data=b"body", headers=headers)
            arrived.append([comparable(request) for request in other.received])
            del other.received[:]
        assert arrived[0] == arrived[1]
        assert "authorization" not in dict(arrived[0][0].headers)
        assert dict(arrived[0][0].headers)["x-custom"] == "1"
        assert dict(arrived[0][0].headers)["host"] == other.address


def test_the_same_origin_keeps_credentials(pair):
    """Authorization goes along on the way within one origin."""
    pair.reply = redirecting("/to")
    arrived, _ = same(pair, headers={"Authorization": "Bearer secret"})
    assert [dict(request.headers)["authorization"] for request in arrived] == ["Bearer secret"] * 2
