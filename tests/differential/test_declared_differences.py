"""Every declared difference from requests is one: both sides do what the table says."""

from __future__ import absolute_import, division, print_function

import io
import sys

import differences
import pytest
import requests
from both_ways import BothWays
from client_fixtures import new_io_loop
from raw_server import RawServer, answering, response
from urllib3.util.url import _encode_target

import waterspout
from waterspout.decoders import ACCEPT_ENCODING

PY2 = sys.version_info[0] == 2


@pytest.fixture(scope="module")
def pair():
    with new_io_loop() as io_loop:
        pair = BothWays(io_loop, "tornado")
        yield pair
        pair.close()


def theirs(url=u"http://host/", method="GET", **kwargs):
    return requests.Request(method, url, **kwargs).prepare()


def ours(url=u"http://host/", method="GET", **kwargs):
    return waterspout.PreparedRequest(method, url, **kwargs)


def fails(call, *args, **kwargs):
    """Whether it raises what a caller of requests would see."""
    try:
        call(*args, **kwargs)
    except (requests.RequestException, waterspout.RequestException, ValueError, TypeError):
        return True
    return False


def sent(pair, **kwargs):
    """The headers that arrive: (ours, theirs)."""
    arrived = []
    for call in (pair.client.session.get, requests.get):
        del pair.server.received[:]
        if call is requests.get:
            call(pair.server.url(), timeout=30, **kwargs)
        else:
            pair.client.run(lambda: pair.client.session.get(pair.server.url(), **kwargs))
        arrived.append(dict(pair.server.received[-1].headers))
    return arrived


def test_the_table_is_tested():
    """A line of the table without a test here is a claim."""
    here = set(name[len("test_"):] for name in globals() if name.startswith("test_"))
    assert set(differences.FROM_REQUESTS) == here - {"the_table_is_tested"}


def test_default_port():
    assert theirs(u"http://host:80/a").url == "http://host:80/a"
    assert ours(u"http://host:80/a").url == "http://host/a"


def test_userinfo_in_url():
    assert theirs(u"http://me:pass@host/").url == "http://me:pass@host/"
    assert ours(u"http://me:pass@host/").url == "http://host/"


def test_userinfo_charset():
    url = u"http://\u4e2d:x@host/"
    assert PY2 or fails(theirs, url)
    assert ours(url).headers["Authorization"] == "Basic 5LitOng="


def test_tilde_on_27():
    assert theirs(method="POST", data={"a": "~"}).body == ("a=%7E" if PY2 else "a=~")
    assert ours(method="POST", data={"a": "~"}).body == b"a=~"


def test_nested_text_on_27():
    data = {"a": [[u"\u4e2d"]]}
    assert fails(theirs, method="POST", data=data) == PY2
    assert ours(method="POST", data=data).body == b"a=%E4%B8%AD"


def test_text_body_on_27(pair):
    pair.reply = response(b"x")
    assert fails(requests.put, pair.server.url(), data=u"\u4e2d", timeout=30) == PY2
    pair.client.request("PUT", pair.server.url(), data=u"\u4e2d")
    assert pair.server.received[-1].body == u"\u4e2d".encode("utf-8")


def test_params_type():
    assert fails(theirs, params=u"\u4e2d") == PY2
    assert fails(theirs, params=u"\u4e2d".encode("utf-8")) != PY2
    for params in (u"\u4e2d", u"\u4e2d".encode("utf-8")):
        assert ours(params=params).parsed_url.target == "/?%E4%B8%AD"


def test_empty_form(pair):
    assert "Content-Length" not in theirs(method="POST", data={"a": None}).headers
    pair.reply = response(b"x")
    pair.client.request("POST", pair.server.url(), data={"a": None})
    assert dict(pair.server.received[-1].headers)["content-length"] == "0"
    assert "transfer-encoding" not in dict(pair.server.received[-1].headers)


def test_double_slash(pair):
    pair.reply = response(b"x")
    pair.client.get(pair.server.url("//a"))
    assert pair.server.received[-1].target == "//a"
    requests.get(pair.server.url("//a"), timeout=30)
    assert pair.server.received[-1].target in ("//a", "/a")


def test_trailing_space(pair):
    assert theirs(headers={"X-A": "a "}).headers["X-A"] == "a "
    assert ours(headers={"X-A": "a "}).headers["X-A"] == "a"
    pair.reply = response(b"x", headers=[("X-A", "a  ")])
    assert pair.client.get(pair.server.url()).headers["X-A"] == "a"


def test_stray_percent():
    url = u"http://host/?a=%20"
    assert _encode_target(str(theirs(url, params="100%").path_url)) == "/?a=%2520&100%25"
    assert ours(url, params="100%").parsed_url.target == "/?a=%20&100%25"


def test_idna():
    assert theirs(u"http://stra\xdfe.example/").url == "http://xn--strae-oqa.example/"
    assert ours(u"http://stra\xdfe.example/").url == "http://strasse.example/"


def test_host_characters():
    assert theirs(u"http://h%6Fst/").url == "http://host/"
    assert fails(ours, u"http://h%6Fst/")


def test_url_objects():
    class Link(object):
        def __str__(self):
            return "http://host/link"

    assert theirs(Link()).url == "http://host/link"
    for url in (Link(), None, ["http://host/"], 1):
        with pytest.raises(waterspout.InvalidURL):
            ours(url)


def test_header_characters():
    for headers in ({"X-A": "a\x00"}, {"X-A": "a\x7f"}, {"X A": "a"}, {"X:A": "a"}):
        assert fails(ours, headers=headers)
    assert not fails(theirs, headers={"X-A": "a\x00", "X A": "a"})


def test_method_characters():
    assert not fails(theirs, method="GET /\r\nX: y")
    assert fails(ours, method="GET /\r\nX: y")


def test_user_agent(pair):
    pair.reply = response(b"x")
    mine, other = [headers["user-agent"] for headers in sent(pair)]
    assert mine == "waterspout/" + waterspout.__version__
    assert other.startswith("python-requests/")


def test_connection_header(pair):
    pair.reply = response(b"x")
    mine, other = [headers.get("connection") for headers in sent(pair)]
    assert (mine, other) == ("close", "keep-alive")  # The simple client keeps none.


def test_accept_encoding(pair):
    pair.reply = response(b"x")
    mine, other = [headers["accept-encoding"] for headers in sent(pair)]
    assert mine == ACCEPT_ENCODING
    assert other.startswith(mine)


def multipart(prepared):
    boundary = prepared.headers["Content-Type"].partition("boundary=")[2]
    return prepared.body.replace(boundary.encode("ascii"), b"B")


def test_multipart_names():
    files = {u"a\x0bb\\": (u"n", b"1")}
    assert b'name="a%0Bb\\"' in multipart(ours(method="POST", files=files))
    assert multipart(theirs(method="POST", files=files)) != multipart(
        ours(method="POST", files=files))


def test_multipart_fields():
    files = {u"a": (u"n", b"1", u"text/plain", {u"X": u"y\r\nZ: z", u"content-type": u"b/c"})}
    assert b"X: y\r\nZ: z\r\n" in multipart(theirs(method="POST", files=files))
    assert fails(ours, method="POST", files=files)
    del files[u"a"][3][u"X"]
    assert b"b/c" in multipart(theirs(method="POST", files=files))
    assert b"b/c" not in multipart(ours(method="POST", files=files))


def test_text_file():
    files = {"f": ("n", io.StringIO(u"\xe9"))}
    assert theirs(method="POST", files=files).headers["Content-Length"]
    files = {"f": ("n", io.StringIO(u"\xe9"))}
    assert ours(method="POST", files=files).headers["Transfer-Encoding"] == "chunked"


def test_changed_file():
    source = io.BytesIO(b"1234")
    body = ours(method="POST", data=source).body
    prepared = theirs(method="POST", data=source)
    source.truncate(2)
    assert prepared.headers["Content-Length"] == "4"
    assert prepared.body.read() == b"12"
    source.seek(0)
    assert fails(list, body.pieces())


def test_unknown_coding(pair):
    pair.reply = response(b"packed", headers=[("Content-Encoding", "x-mystery")])
    url = pair.server.url()
    assert requests.get(url, timeout=30).content == b"packed"
    assert type(pair.client.error_of("GET", url)) is waterspout.ContentDecodingError


def test_text_guess(pair):
    for fields in ([], [("Content-Type", "text/plain; charset=mystery")]):
        pair.reply = response(b"caf\xe9", headers=fields)
        assert pair.client.get(pair.server.url()).text == u"caf\xe9"
        pair.reply = response(u"\u4e2d".encode("utf-8"), headers=fields)
        assert pair.client.get(pair.server.url()).text == u"\u4e2d"


def test_json_charset(pair):
    body = u'"\u4e2d"'.encode("utf-8")
    pair.reply = response(body, headers=[("Content-Type", "text/plain")])
    url = pair.server.url()
    assert requests.get(url, timeout=30).json() == u"\xe4\xb8\xad"
    assert pair.client.get(url).json() == u"\u4e2d"


def test_cross_origin_credentials(pair):
    secrets = {"Authorization": "a", "Cookie": "b", "Proxy-Authorization": "c"}
    with RawServer(answering(response(b"there"))) as other:
        pair.reply = response(status=302, headers=[("Location", other.url())])
        pair.client.get(pair.server.url(), headers=secrets)
        names = [name for name, _ in other.received[-1].headers]
        assert not set(names) & {"authorization", "cookie", "proxy-authorization"}
    # What requests keeps can be seen without a server on port 443.
    session = requests.Session()
    assert not session.should_strip_auth("http://host/", "https://host/")
    from waterspout._flows.policy import Policy
    from waterspout._flows.redirects import next_request

    first = ours(u"http://host/", headers=secrets)
    moved = waterspout.Headers({"Location": "https://host/"})
    policy = Policy(True, 30, None, lambda url: None, lambda url: None)
    second = next_request(first, waterspout.Response(first, 302, "", moved, b""), [], policy)
    assert not set(second.headers) & set(secrets)


def test_same_origin_cookie(pair):
    def reply(request):
        if request.target == "/to":
            return response(b"arrived")
        return response(status=302, headers=[("Location", "/to")])

    pair.reply = reply
    mine, other = [headers.get("cookie") for headers in sent(pair, headers={"Cookie": "a=1"})]
    assert (mine, other) == ("a=1", None)


def test_location_spelling(pair):
    place = pair.server.url("/a/../%c3%a9")

    def reply(request):
        if request.target != "/":
            return response(b"arrived")
        return response(status=302, headers=[("Location", place)])

    pair.reply = reply
    assert pair.client.get(pair.server.url()).url == pair.server.url("/%C3%A9")
    assert requests.get(pair.server.url(), timeout=30).url == place


def test_location_charset(pair):
    def reply(request):
        if request.target != "/":
            return response(b"arrived")
        return response(status=302, headers=[("Location", "/caf\xe9")])

    pair.reply = reply
    assert pair.client.get(pair.server.url()).url == pair.server.url("/caf%C3%A9")
    if PY2:
        assert requests.get(pair.server.url(), timeout=30).url == pair.server.url("/caf%E9")
    else:
        assert fails(requests.get, pair.server.url(), timeout=30)
