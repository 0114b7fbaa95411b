"""A user of a service whose input, with line breaks, becomes an argument of its calls."""

from __future__ import absolute_import, division, print_function

import io
import logging

import pytest
from differences import LIMITS
from raw_server import answering, response

import waterspout

EVIL = "a\r\nX-Evil: 1"

REFUSED = [
    ("GET", {"headers": {"X-A": EVIL}}),
    ("GET", {"headers": {"X-A": b"a\nX-Evil: 1"}}),
    ("GET", {"headers": {"X-A": "a\rX-Evil: 1"}}),
    ("GET", {"headers": {"X-A": "a\x00b"}}),
    ("GET", {"headers": {EVIL: "1"}}),
    ("GET", {"headers": {"X-A: 1\r\nX-Evil": "1"}}),
    ("GET", {"headers": {"Host": "a.example\r\nX-Evil: 1"}}),
    ("GET", {"cookies": {"a": "b; evil=1"}}),
    ("GET", {"cookies": {"a": EVIL}}),
    ("GET", {"cookies": {EVIL: "b"}}),
    ("GET", {"cookies": {"a=1; evil": "b"}}),
    ("GET / HTTP/1.1\r\nX-Evil: 1\r\n\r\nGET", {}),
    ("GET\t/", {}),
    ("POST", {"files": {"f": ("n", b"x", EVIL)}}),
    ("POST", {"files": {"f": ("n", b"x", "text/plain", {"X-A": EVIL})}}),
    ("POST", {"files": {"f": ("n", b"x", "text/plain", {EVIL: "1"})}}),
]


@pytest.mark.parametrize("method, kwargs", REFUSED, ids=repr)
def test_a_header_with_a_line_break_is_refused(serve, client, method, kwargs):
    """Nothing is sent, by the call or by a request that is prepared first."""
    server = serve(answering(response(b"x")))
    with pytest.raises(waterspout.InvalidHeader):
        client.request(method, server.url(), **kwargs)
    with pytest.raises(waterspout.InvalidHeader):
        client.session.prepare_request(waterspout.Request(method, server.url(), **kwargs))
    assert server.accepted == 0


@pytest.mark.parametrize("name, value", [("X-A", EVIL), (EVIL, "1")])
def test_headers_of_a_session_are_validated(serve, client, name, value):
    """Also when it is set later."""
    server = serve(answering(response(b"x")))
    client.session.headers[name] = value
    with pytest.raises(waterspout.InvalidHeader):
        client.get(server.url())
    assert server.accepted == 0


def test_line_breaks_in_a_url_are_escaped(serve, client):
    """Path and query are escaped; what would be another line stays in the first."""
    server = serve(answering(response(b"x")))
    client.get(server.url("/a b\r\nX-Evil: 1?a\r\nX-Evil: 1#a\r\nX-Evil: 1"),
               params={"q": EVIL, EVIL: "1"})
    assert server.received[0].target == (
        "/a%20b%0D%0AX-Evil:%201?a%0D%0AX-Evil:%201&q=a%0D%0AX-Evil%3A+1&a%0D%0AX-Evil%3A+1=1")
    assert "x-evil" not in dict(server.received[0].headers)


@pytest.mark.parametrize("host", ["127.0.0.1\r\nX-Evil: 1", "127.0.0.1 x", "127.0.0.1\x00"])
def test_a_host_with_a_line_break_is_refused(client, host):
    """It would be in the Host header."""
    with pytest.raises(waterspout.InvalidURL):
        client.get("http://%s:1/" % host)


@pytest.mark.parametrize("url", [
    "http://me:s3cret@host:99999/?q=s3cret",
    "ftp://me:s3cret@host/#s3cret", "me:s3cret@host?s3cret",
    "http://me:s3cret@/", "http://me:s3cret@ho st/", "http://me:s3c/s3cret@host:x/",
])
def test_the_error_of_an_invalid_url_shows_no_secret(client, url):
    """Neither user, query, nor fragment."""
    with pytest.raises(waterspout.RequestException) as caught:
        client.get(url)
    assert "s3c" not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("evil", ['a"\r\nX-Evil: 1\r\n\r\nbody', u'a"\n\x00b'])
def test_line_breaks_in_names_of_parts_are_escaped(serve, client, evil):
    """A field's name and a file's, in what describes its part."""
    server = serve(answering(response(b"x")))
    client.post(server.url(), data={evil: "1"}, files={evil: (evil, io.BytesIO(b"x"))})
    body = server.received[0].body
    heads = [part.partition(b"\r\n\r\n")[0] for part in body.split(body.split(b"\r\n")[0])[1:-1]]
    assert [head.strip().count(b"\r\n") for head in heads] == [0, 0]
    assert [head.count(b'"') for head in heads] == [2, 4]
    assert all(b"\n" not in head.strip() and b"\x00" not in head for head in heads)


def test_the_log_of_a_failed_sdk_call_shows_no_secret(client, caplog, serve):
    """Neither query, body, nor credentials; also of a call that never was one."""
    caplog.set_level(logging.DEBUG)
    server = serve(answering(response(b"no: s3cret", status=500)))
    sdk = waterspout.BaseSDK(
        server.address, 1, transport=client.transport, errors="empty", auth=("me", "s3cret"))
    for uri, path in (("/a?token=s3cret", None), ("/{b}?token=s3cret", {"b": ".."}),
                      ("/{b}?token=s3cret", None), ("/a#s3cret", {"b": "1"})):
        assert client.run(lambda uri=uri, path=path: sdk.fetch_async(
            "POST", uri, path, json={"password": "s3cret"})) == {}
    client.run(sdk.close)
    failed = [each for each in caplog.records if each.name == "waterspout.sdk"]
    assert len(failed) == 4
    told = [each.getMessage() for each in caplog.records
            if (client.transport, "log") not in LIMITS or each.name.startswith("waterspout")]
    assert not any("s3cret" in each for each in told)
