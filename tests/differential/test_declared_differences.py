"""Every declared difference from requests is one: both sides do what the table says."""

from __future__ import absolute_import, division, print_function

import io
import os
import sys
import warnings

import differences
import pytest
import requests
from both_ways import BothWays
from certificates import SELF_SIGNED, server_context
from client_fixtures import Client, new_io_loop
from digest_guard import DigestGuard, challenging_chunks
from digest_guard import authorization as received_authorization
from raw_server import RawServer, answering, response, tunnelling
from urllib3.util.url import _encode_target

import waterspout
from waterspout._decoding.content_codings import ACCEPT_ENCODING
from waterspout._encoding.urls import parse
from waterspout._routes.proxies import should_bypass_proxies
from waterspout._routes.route_selection import Routing
from waterspout.cookies.cookie_headers import store_cookies
from waterspout.cookies.jar import RequestsCookieJar

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


def proxy_of(session, url=u"http://host/"):
    route = Routing(session).route(parse(url))
    return route and route.proxy


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


def test_auth_charset(pair):
    assert authorization(theirs, auth=(u"\xe9", u"x")) == "Basic 6Tp4"
    assert authorization(ours, auth=(u"\xe9", u"x")) == "Basic w6k6eA=="
    assert fails(theirs, auth=(u"\u4e2d", u"x"))
    assert authorization(ours, auth=(u"\u4e2d", u"x")) == "Basic 5LitOng="
    for auth in ((b"\xe9", b"x"), (u"\xe9".encode("latin-1"), u"x")):
        assert authorization(ours, auth=auth) == authorization(theirs, auth=auth) == "Basic 6Tp4"
    pair.reply = DigestGuard().answer
    url = pair.server.url()
    pair.client.get(url, auth=waterspout.HTTPDigestAuth(u"\xe9", "x"))
    assert 'username="\xc3\xa9"' in received_authorization(pair.server.received[-1])
    if not PY2:
        requests.get(url, auth=requests.auth.HTTPDigestAuth(u"\xe9", "x"), timeout=30)
        assert 'username="\xe9"' in received_authorization(pair.server.received[-1])


def authorization(make, **kwargs):
    return make(**kwargs).headers["Authorization"]


def test_auth_types():
    for auth in ((None, "x"), ("x", 1)):
        with pytest.warns(DeprecationWarning):
            assert theirs(auth=auth).headers["Authorization"]
        with pytest.raises(TypeError):
            ours(auth=auth)


def digests(pair, user="Mufasa", **kwargs):
    """The Digest answers that arrive: (ours, theirs)."""
    answers = []
    for call, library in ((pair.ours, waterspout.HTTPDigestAuth),
                          (pair.theirs, requests.auth.HTTPDigestAuth)):
        received, _ = call("GET", pair.server.url(), auth=library(user, "x"), **kwargs)
        answers.append([dict(each.headers).get("authorization") for each in received])
    return answers


def test_digest_fields(pair):
    pair.reply = DigestGuard().answer
    mine, other = digests(pair, user='"')
    assert 'username="\\""' in mine[1] and "algorithm=MD5, qop=auth" in mine[1]
    assert 'username="""' in other[1] and 'algorithm="MD5", qop="auth"' in other[1]
    pair.reply = DigestGuard(algorithm="MD5-sess", qop=None).answer
    mine, other = digests(pair)
    assert "cnonce" in mine[1] and "cnonce" not in other[1]
    pair.reply = response(status=401, headers=[
        ("WWW-Authenticate", 'Digest realm="r", nonce="n", algorithm=unknown, qop="auth"'),
        ("WWW-Authenticate", 'Digest realm="r", nonce="n", algorithm=MD5, qop="auth"')])
    mine, other = digests(pair)
    assert len(mine) == 2 and "algorithm=MD5," in mine[1]
    assert other[1:] != mine[1:]


def test_digest_redirect(pair):
    def guard(request):
        if request.target == "/to":
            return response(b"arrived")
        return response(status=302, headers=[("Location", "/to")])

    seen = []
    for call, library in ((pair.ours, waterspout.HTTPDigestAuth),
                          (pair.theirs, requests.auth.HTTPDigestAuth)):
        pair.reply = DigestGuard(place=guard).answer
        received, answer = call(
            "GET", pair.server.url(), auth=library("Mufasa", "Circle of Life"))
        seen.append(([each.target for each in received], [each[0] for each in answer.history]))
    assert seen == [(["/", "/", "/to"], [401, 302]), (["/", "/", "/to", "/to"], [302])]


def test_cross_origin_digest(pair):
    with RawServer(DigestGuard()) as other:
        pair.reply = response(status=302, headers=[("Location", other.url())])
        statuses = []
        for call, library in ((pair.ours, waterspout.HTTPDigestAuth),
                              (pair.theirs, requests.auth.HTTPDigestAuth)):
            _, answer = call("GET", pair.server.url(), auth=library("Mufasa", "Circle of Life"))
            statuses.append(answer.status_code)
        assert statuses == [401, 200]


def test_cross_origin_auth(pair):
    def auth(request):
        request.headers["X-Key"] = "secret"
        return request

    with RawServer(answering(response(b"there"))) as other:
        pair.reply = response(status=302, headers=[("Location", other.url())])
        for call in (pair.ours, pair.theirs):
            call("GET", pair.server.url(), auth=auth)
        assert ["x-key" in dict(each.headers) for each in other.received] == [False, True]


def test_digest_of_a_gone_body():
    with RawServer(challenging_chunks) as server:
        pieces = (piece for piece in (b"a", b"b"))
        with new_io_loop() as io_loop:
            session = waterspout.Session(auth=waterspout.HTTPDigestAuth("Mufasa", "x"))
            with pytest.raises(waterspout.exceptions.UnrewindableBodyError):
                io_loop.run_sync(lambda: session.put(server.url(), data=pieces))
            io_loop.run_sync(session.close)
        sent = len(server.received)
        auth = requests.auth.HTTPDigestAuth("Mufasa", "x")
        pieces = (piece for piece in (b"a", b"b"))
        assert not fails(requests.put, server.url(), data=pieces, auth=auth, timeout=30)
        assert len(server.received) == sent + 2


def test_netrc_and_userinfo(tmpdir, monkeypatch):
    tmpdir.join("netrc").write("machine host login file password x")
    monkeypatch.setenv("NETRC", str(tmpdir.join("netrc")))
    url = "http://me:x@host/"
    mine = waterspout.Session(trust_env=True).prepare_request(waterspout.Request("GET", url))
    other = requests.Session().prepare_request(requests.Request("GET", url))
    assert mine.headers["Authorization"] == "Basic bWU6eA=="
    assert other.headers["Authorization"] == ("Basic bWU6eA==" if PY2 else "Basic ZmlsZTp4")


def test_sent_request(pair):
    pair.reply = response(b"x")
    prepared = theirs(pair.server.url())
    assert requests.Session().send(prepared).request is prepared
    prepared = ours(pair.server.url())
    answer = pair.client.run(lambda: pair.client.session.send(prepared))
    assert answer.request is not prepared and answer.url == prepared.url


def test_netrc(tmpdir, monkeypatch):
    tmpdir.join("netrc").write("machine host login file password x")
    monkeypatch.setenv("NETRC", str(tmpdir.join("netrc")))
    made = [
        library.Session().prepare_request(library.Request("GET", "http://host/"))
        for library in (waterspout, requests)]
    assert ["Authorization" in each.headers for each in made] == [False, True]


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
    assert "Content-Length" in ours(method="POST", files=files).headers
    text = u"\xe9" * 1024 * 1024
    assert ours(method="POST", data=io.StringIO(text)).headers["Transfer-Encoding"] == "chunked"


def test_untrue_size(pair):
    path = "/sys/devices/system/cpu/online"
    if not os.access(path, os.R_OK):
        pytest.skip("there is no /sys")
    with open(path, "rb") as source:
        assert theirs(method="POST", data=source).headers["Content-Length"] == "4096"
    with open(path, "rb") as source:
        (arrived,), _ = pair.ours("POST", pair.server.url(), data=source)
    with open(path, "rb") as source:
        assert arrived.body == source.read()
    assert dict(arrived.headers)["transfer-encoding"] == "chunked"


def test_empty_file():
    headers = theirs(method="POST", data=io.BytesIO()).headers
    assert headers["Transfer-Encoding"] == "chunked"
    headers = ours(method="POST", data=io.BytesIO()).headers
    assert (headers["Content-Length"], "Transfer-Encoding" in headers) == ("0", False)


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
    url = pair.server.url()
    pair.reply = response(b"caf\xe9")
    answer = pair.client.get(url)
    assert answer.text == b"caf\xe9".decode(answer.apparent_encoding)
    pair.reply = response(u"\u4e2d".encode("utf-8"))
    assert pair.client.get(url).text == u"\u4e2d"
    pair.reply = response(b"caf\xe9", headers=[("Content-Type", "text/plain; charset=mystery")])
    assert pair.client.get(url).text == requests.get(url, timeout=30).text == u"caf\ufffd"


def test_not_a_charset(pair):
    pair.reply = response(b"caf-dma", headers=[("Content-Type", "text/plain; charset=punycode")])
    url = pair.server.url()
    if PY2:
        with pytest.raises(AttributeError):  # Out of the codec, for want of a better error.
            len(requests.get(url, timeout=30).text)
    else:
        assert requests.get(url, timeout=30).text == u"caf\xe9"
    assert pair.client.get(url).text == u"caf-dma"


def test_streamed_content():
    theirs_streamed = requests.Response()
    theirs_streamed.status_code, theirs_streamed.raw = 200, io.BytesIO(b"x")
    assert theirs_streamed.content == b"x"
    with pytest.raises(waterspout.exceptions.ResponseNotRead):
        len(waterspout.Response(None, 200, "", waterspout.Headers(), None).content)


def whole(content, **headers):
    """The same body, read: (theirs, ours)."""
    their_response = requests.Response()
    their_response.status_code, their_response._content_consumed = 200, True
    their_response._content = content
    their_response.headers.update(headers)
    their_response.encoding = requests.utils.get_encoding_from_headers(their_response.headers)
    return their_response, waterspout.Response(
        None, 200, "", waterspout.Headers(headers), content)


def pulled(pair, items):
    taken = [pair.client.run(items.next)]
    while taken[-1]:
        taken.append(pair.client.run(items.next))
    return taken[:-1]


def test_piece_size(pair):
    their_response, our_response = whole(b"abc")
    assert list(their_response.iter_content()) == [b"a", b"b", b"c"]
    assert pulled(pair, our_response.iter_content()) == [b"abc"]


def test_size_zero():
    their_response, our_response = whole(b"abc")
    assert list(their_response.iter_content(0)) == [b"abc"]
    with pytest.raises(ValueError):
        our_response.iter_content(0)


def test_unknown_charset_in_pieces(pair):
    kind = {"Content-Type": "text/plain; charset=mystery"}
    their_response, our_response = whole(b"caf\xe9", **kind)
    with pytest.raises(LookupError):
        list(their_response.iter_content(10, decode_unicode=True))
    pieces = our_response.iter_content(10, decode_unicode=True)
    assert u"".join(pulled(pair, pieces)) == u"caf\ufffd"


def test_cut_line_ends(pair):
    their_response, our_response = whole(b"a\r\nb")
    assert list(their_response.iter_lines(2)) == [b"a", b"", b"b"]
    assert pulled(pair, our_response.iter_lines(2)) == [b"a", b"b"]


def test_quoted_links():
    field = '</2>; rel=next; title="a=b"'
    their_response, our_response = whole(b"", Link=field)
    assert "title" not in their_response.links["next"]
    assert our_response.links["next"]["title"] == "a=b"


def test_raw():
    their_response, our_response = whole(b"")
    assert hasattr(their_response, "raw") and not hasattr(our_response, "raw")


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
    from waterspout._flows.redirects import next_request
    from waterspout.models.call_options import CallOptions

    first = ours(u"http://host/", headers=secrets)
    moved = waterspout.Headers({"Location": "https://host/"})
    second, _ = next_request(
        first, CallOptions(waterspout.ClientTimeout()),
        waterspout.Response(first, 302, "", moved, b""), None, lambda url: None)
    assert not set(second.headers) & set(secrets)


def chained(pair, *answers):
    """The pair's server gives these, first to ours, then to requests'; the last one stays."""
    left = list(answers)
    pair.reply = lambda request: left.pop(0) if len(left) > 1 else left[0]


def test_cookies_without_domain(pair):
    with RawServer(answering(response(b"there"))) as other:
        pair.reply = response(status=302, headers=[("Location", other.url())])
        mine, theirs = waterspout.Session("tornado"), requests.Session()
        mine.cookies["jar"] = theirs.cookies["jar"] = "1"
        pair.client.run(lambda: mine.get(pair.server.url(), cookies={"call": "2"}))
        theirs.get(pair.server.url(), cookies={"call": "2"}, timeout=30)
        pair.client.run(mine.close)
        cookies = [dict(request.headers).get("cookie") for request in other.received]
        assert cookies[0] is None and "jar=1" in cookies[1] and "call=2" in cookies[1]


def learned(url, field, jar=None):
    """What both jars have after a response from ``url`` with this Set-Cookie: (ours, theirs)."""
    ours_and_theirs = jar or (RequestsCookieJar(), requests.cookies.RequestsCookieJar())
    headers = waterspout.Headers({"Set-Cookie": field})
    store_cookies(ours_and_theirs[0], waterspout.Response(ours(url), 200, "OK", headers, b""))
    store_cookies(ours_and_theirs[1], waterspout.Response(ours(url), 200, "OK", headers, b""))
    return ours_and_theirs


def test_cookie_domains():
    for host, domain in (("10.1.2.3", "2.3"), ("billing", "local"), ("shop.co.uk", "co.uk")):
        mine, other = learned("http://%s/" % host, "a=1; Domain=" + domain)
        assert (len(mine), len(other)) == (0, 1)


def test_host_only_cookies():
    mine, other = learned("http://host.example/", "a=1")
    below = "http://users.host.example/"
    assert "Cookie" not in ours(below, cookies=mine).headers
    assert theirs(below, cookies=other).headers["Cookie"] == "a=1"


def test_expiring_cookies():
    jars = learned("http://www.bank.example/", "a=1; Path=/; Domain=bank.example")
    learned("http://evil.example/", "a=; Path=/; Domain=bank.example; Max-Age=0", jars)
    assert [len(jar) for jar in jars] == [1, 0]


def test_cookie_limits(pair):
    jars = RequestsCookieJar(), requests.cookies.RequestsCookieJar()
    for number in range(200):
        jars = learned("http://host.example/", "c%d=1" % number, jars)
    assert [len(jar) for jar in jars] == [180, 200]
    pair.reply = response(b"", headers=[("Set-Cookie", "a=" + "x" * 4095)])
    assert len(pair.client.get(pair.server.url()).cookies) == 0
    assert len(requests.get(pair.server.url(), timeout=30).cookies) == 1


def test_cookie_characters():
    assert theirs(cookies={"a": "1; b=2"}).headers["Cookie"] == "a=1; b=2"
    assert fails(ours, cookies={"a": "1; b=2"})


def test_cookie_repr():
    assert "secret" in repr(theirs(cookies={"a": "secret"})._cookies)
    assert "secret" not in repr(ours(cookies={"a": "secret"}).cookies)


def test_hooks_uncallable():
    assert theirs(hooks={"response": ["print"]}).hooks == {"response": []}
    with pytest.raises(TypeError):
        ours(hooks={"response": ["print"]})


def test_hooks_history(pair):
    counts = []
    hooks = {"response": lambda answer, **kwargs: counts.append(len(answer.history))}
    moved = response(status=302, headers=[("Location", "/")])
    chained(pair, moved, response(b""), moved, response(b""))
    pair.client.get(pair.server.url(), hooks=hooks)
    requests.get(pair.server.url(), hooks=hooks, timeout=30)
    assert counts == [0, 1, 0, 0]


def test_streamed_redirects():
    moved = response(b"moved", status=302, headers=[("Location", "/")])
    with RawServer(answering(moved, response(b""), moved, response(b""))) as server:
        with new_io_loop() as io_loop:
            client = Client(io_loop, "pooled")
            answer = client.get(server.url(), stream=True)
            with pytest.raises(waterspout.exceptions.ResponseNotRead):
                len(answer.history[0].content)
            client.close()
        answer = requests.get(server.url(), stream=True, timeout=30)
        assert answer.history[0].content == b"moved"
        answer.close()


def test_next_location(pair):
    pair.reply = response(status=302, headers=[("Location", "ftp://host/")])
    url = pair.server.url()
    assert requests.get(url, allow_redirects=False, timeout=30).next.url == "ftp://host/"
    with pytest.raises(waterspout.InvalidSchema):
        str(pair.client.get(url, allow_redirects=False).next)
    session = requests.Session()
    session.max_redirects = 0
    assert fails(session.get, url, allow_redirects=False, timeout=30)
    session = waterspout.Session("tornado", max_redirects=0)
    pair.reply = response(status=302, headers=[("Location", "/next")])
    answer = pair.client.run(lambda: session.get(url, allow_redirects=False))
    pair.client.run(session.close)
    assert answer.next.url == pair.server.url("/next")


def test_location_spelling(pair):
    place = pair.server.url("/a/../%c3%a9")

    def reply(request):
        if request.target != "/":
            return response(b"arrived")
        return response(status=302, headers=[("Location", place)])

    pair.reply = reply
    assert pair.client.get(pair.server.url()).url == pair.server.url("/%C3%A9")
    assert requests.get(pair.server.url(), timeout=30).url == place


def test_trust_env(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:1")
    assert requests.Session().trust_env and not waterspout.Session().trust_env
    assert requests.utils.get_environ_proxies("http://host/")["http"] == "http://proxy:1"
    assert proxy_of(waterspout.Session()) is None
    assert proxy_of(waterspout.Session(trust_env=True)).host == "proxy"


def test_no_proxy_given():
    proxies = {"http": "http://proxy:1", "no_proxy": "host"}
    session = requests.Session()
    session.trust_env = False
    merged = session.merge_environment_settings("http://host/", proxies, None, None, None)
    assert requests.utils.select_proxy("http://host/", merged["proxies"]) == "http://proxy:1"
    assert proxy_of(waterspout.Session(proxies=proxies)) is None


def test_no_proxy_suffix():
    url, no_proxy = u"http://notexample.com/", "example.com"
    newer = tuple(map(int, requests.__version__.split(".")[:2])) >= (2, 34)
    assert requests.utils.should_bypass_proxies(url, no_proxy) != newer
    assert not should_bypass_proxies(parse(url), no_proxy)


def test_no_proxy_port():
    for url, taken in ((u"http://host:80/", True), (u"http://host/", False)):
        assert requests.utils.should_bypass_proxies(url, "host:80") == taken
        assert should_bypass_proxies(parse(url), "host:80")


def test_no_proxy_redirect(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:1")
    monkeypatch.setenv("NO_PROXY", "inside")
    session, mine = requests.Session(), waterspout.Session(trust_env=True)
    merged = session.merge_environment_settings(u"http://host/", {}, None, None, None)
    followed = session.rebuild_proxies(theirs(u"http://inside/"), merged["proxies"])
    assert requests.utils.select_proxy("http://inside/", followed) == "http://proxy:1"
    assert proxy_of(mine).host == "proxy"
    assert proxy_of(mine, u"http://inside/") is None


def test_proxy_kinds():
    for proxy in ("https://proxy:1", "socks5://proxy:1"):
        with pytest.raises(waterspout.exceptions.Unsupported):
            proxy_of(waterspout.Session(proxies={"http": proxy}))
    adapter = requests.adapters.HTTPAdapter()
    assert adapter.proxy_manager_for("https://proxy:1").proxy.scheme == "https"


def test_proxy_authorization(pair):
    headers = {"Proxy-Authorization": "Basic bWU6c2VjcmV0"}
    sent = {}
    server = RawServer(answering(response(b"x")), tls=server_context())
    proxy = RawServer(tunnelling(("127.0.0.1", server.port)))
    mine = Client(pair.client.io_loop, "pooled")
    with server, proxy:
        options = dict(headers=headers, proxies={"https": proxy.url()}, verify=SELF_SIGNED,
                       timeout=30)
        for call in (requests.get, mine.get):
            call("https://localhost/", **options)
            sent[call] = [dict(each.received[-1].headers).get("proxy-authorization")
                          for each in (proxy, server)]
        mine.close()
    value = headers["Proxy-Authorization"]
    assert (sent[requests.get], sent[mine.get]) == ([None, value], [value, None])


@pytest.mark.filterwarnings("ignore:Unverified")
def test_verify_falsy(pair):
    with RawServer(answering(response(b"x")), tls=server_context()) as server:
        for value in (None, 0, ""):
            session = requests.Session()
            session.trust_env, session.verify = False, value
            assert session.get(server.url(), timeout=30).content == b"x"
            pair.client.session.verify = value
            assert fails(pair.client.get, server.url(), timeout=30)
    pair.client.session.verify = True


def test_missing_certificates(pair):
    for call in (requests.get, pair.client.get):
        for options in ({"verify": "/no/such/file"}, {"cert": "/no/such/file"}):
            with pytest.raises(EnvironmentError) as caught:
                call("https://127.0.0.1:1/", **options)
            assert "invalid path: /no/such/file" in str(caught.value)
            assert (type(caught.value) is waterspout.SSLError) == (call is not requests.get)


def test_insecure_warning(pair):
    with RawServer(answering(response(b"x")), tls=server_context()) as server:
        counts = []
        for call in (requests.get, pair.client.get):
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                # A name of its own: 2.7 warns once of each.
                call("https://localhost:%d/" % server.port, verify=False, timeout=30)
            counts.append(len([each for each in warned if "nverified" in str(each.message)]))
        assert counts == [1, 0]


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


def refused_by_us_alone(pair, reply):
    """What requests makes of a response that we do not take."""
    pair.reply = reply
    with pytest.raises(waterspout.RemoteProtocolError):
        pair.client.get(pair.server.url())
    return requests.get(pair.server.url(), timeout=30)


def test_length_and_chunked(pair):
    reply = (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
             b"2\r\nok\r\n0\r\n\r\n")
    assert refused_by_us_alone(pair, reply).content == b"ok"


def test_response_field_names(pair):
    answer = refused_by_us_alone(pair, response(b"ok", headers=[("a/b", "c")]))
    assert answer.headers["a/b"] == "c"


def test_field_without_a_colon(pair):
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nnothing\r\nX: 1\r\n\r\nok"
    answer = refused_by_us_alone(pair, reply)
    assert (answer.content, "X" in answer.headers) == (b"ok", PY2)


def test_location_without_a_host(pair):
    def reply(request):
        if request.target != "/":
            return response(b"arrived")
        return response(status=302, headers=[("Location", "http:/x")])

    pair.reply = reply
    with pytest.raises(waterspout.exceptions.InvalidURL):
        pair.client.get(pair.server.url())
    assert requests.get(pair.server.url(), timeout=30).url == pair.server.url("/x")
