"""The debug page: who gets it, and what it says of a request."""

from __future__ import absolute_import, division, print_function

import base64
import hashlib
import logging
import os
import re

import pytest
import tornado.web
from pages_read import read_page
from tornado import gen
from tornado.locks import Event

import waterspout
from waterspout import service
from waterspout.service import Operations
from waterspout.service._operations.debug_page import debug_connection, debug_secret
from waterspout.testing import MockTransport

SECRET = "0123456789abcdef"


class Inventory(waterspout.BaseSDK):
    pass


class Greeting(service.JSONHandler):
    def get(self):
        self.set_header("X-Greeting", "hello")
        self.write_json({"hello": "world"}, 201)


class Broken(service.JSONHandler):
    def get(self):
        raise KeyError("a bug")


class Streamed(service.JSONHandler):
    @gen.coroutine
    def get(self):
        for number in range(3):
            self.write("piece %d\n" % number)
            yield self.flush()


class Empty(service.JSONHandler):
    def get(self):
        self.set_status(204)


class OfTornado(tornado.web.RequestHandler):
    def get(self):
        self.write("of tornado")


class Large(service.JSONHandler):
    def get(self):
        for _ in range(300):
            self.write(b"<x>" * 10000)


class Upstreams(service.JSONHandler):
    @gen.coroutine
    def get(self):
        sdk = self.upstream(Inventory)
        yield sdk.fetch_async("GET", "/hosts/{name}", path={"name": "a"})
        try:
            yield sdk.fetch_async("GET", "/slow", retry=None)
        except waterspout.ReadTimeout:
            pass
        self.left = sdk.fetch_async("GET", "/never")
        self.write_json({})


ROUTES = [("/greeting", Greeting), ("/broken", Broken), ("/streamed", Streamed),
          ("/empty", Empty), ("/tornado", OfTornado), ("/large", Large), ("/upstreams", Upstreams)]


@pytest.fixture
def debug(called):
    """``debug(path)`` is the page of a request for it."""

    def debug(path, routes=ROUTES, headers=None, method="GET", **keywords):
        application = called.application(Operations(debug_secret=SECRET), routes, **keywords)
        response = called.get(application, path, method, client="10.0.0.7", headers=dict(
            headers or {}, **{"X-Waterspout-Debug": SECRET}))
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        return read_page(response)

    return debug


def test_page_is_in_place_of_the_response(debug):
    """With its status, its fields and its body, and who has answered whom."""
    page = debug("/greeting")
    assert page.title == "201 GET /greeting"
    assert page.facts["Client"] == "10.0.0.7"
    assert page.facts["Worker"] == "process %d" % os.getpid()
    assert page.facts["Request id"] == page.response.headers["X-Request-ID"]
    fields = page.fields("Response")
    assert fields["X-Greeting"] == "hello" and fields["Content-Length"] == "17"
    assert page.section("Response").startswith("201 Created")
    assert page.body == '{\n  "hello": "world"\n}'
    assert page.section("Request").startswith("GET /greeting HTTP/1.1")


def test_phases_add_up_to_the_whole_time(debug):
    """They are named."""
    page = debug("/greeting")
    assert [row[0] for row in page.rows("Time")] == [
        "Receiving", "Own work", "Upstream calls", "Sending"]


@pytest.mark.parametrize("path, title, text", [
    ("/unknown", "404 GET /unknown", "nothing is served at this path"),
    ("/broken", "500 GET /broken", "incident"),
    ("/streamed", "200 GET /streamed", "piece 0\npiece 1\npiece 2\n"),
    ("/empty", "204 GET /empty", "No body"),
    ("/tornado", "200 GET /tornado", "of tornado"),
    ("/healthz", "404 GET /healthz", "nothing is served"),
])
def test_every_kind_of_response_has_a_page(debug, path, title, text):
    """Errors, streams, and handlers of Tornado's own class."""
    page = debug(path)
    assert page.title == title
    assert text in page.section("Response")


def test_refusal_at_the_head_has_a_page(debug):
    """It is a response like any other."""
    page = debug("/greeting", head_checks=[lambda request: service.Refusal(401, "a key, please")])
    assert page.title == "401 GET /greeting" and "a key, please" in page.body


def test_request_without_the_secret_is_answered_as_usual(called):
    """The page is for those who have it."""
    application = called.application(Operations(debug_secret=SECRET), ROUTES)
    response = called.get(application, "/greeting")
    assert (response.status_code, response.json()) == (201, {"hello": "world"})


@pytest.mark.parametrize("wrong", [
    "", "x", SECRET[:-1], SECRET + "0", SECRET.upper(), "%s, %s" % (SECRET, SECRET), u"\xe9" * 16])
def test_wrong_secret_is_as_none_and_is_not_logged(called, caplog, wrong):
    """The log has a line without it."""
    application = called.application(Operations(debug_secret=SECRET), ROUTES)
    response = called.get(application, "/greeting", client="10.0.0.7", headers={
        "X-Waterspout-Debug": wrong.encode("utf-8")})
    assert response.json() == {"hello": "world"}
    lines = [each.getMessage() for each in caplog.records if each.name == "waterspout.service"]
    assert lines == ["A wrong debug secret came with GET /greeting from 10.0.0.7"]


def test_who_guesses_does_not_fill_the_log(called, caplog, monkeypatch):
    """A line counts those that had none."""
    now = [100.0]
    monkeypatch.setattr(debug_secret, "monotonic", lambda: now[0])
    application = called.application(Operations(debug_secret=SECRET), ROUTES)
    for _ in range(5):
        called.get(application, "/greeting", headers={"X-Waterspout-Debug": "guess"})
    now[0] += 60
    called.get(application, "/greeting", headers={"X-Waterspout-Debug": "guess"})
    lines = [each.getMessage() for each in caplog.records if each.name == "waterspout.service"]
    assert len(lines) == 2 and lines[1].endswith("(and 4 more since the last such line)")


@pytest.mark.parametrize("secret, error", [
    ("short", ValueError), ("fifteen_letters", ValueError), (u"sixteen letters\xe9", ValueError),
    ("sixteen letters!", ValueError), ("sixteen_letters!\n", ValueError), (7, TypeError),
    ([], TypeError)])
def test_weak_secret_is_refused_without_being_shown(secret, error):
    """Sixteen characters of printable ASCII, and no fewer."""
    with pytest.raises(error) as raised:
        Operations(debug_secret=secret)
    assert error is TypeError or secret[:5] not in str(raised.value)


def test_secret_is_in_no_repr():
    """Of what has it."""
    operations = Operations(debug_secret=SECRET)
    assert SECRET not in repr([operations, operations.debug, operations.debug._secret])


def test_field_means_nothing_without_a_secret(called):
    """The page is off by default."""
    application = called.application(Operations(), ROUTES)
    response = called.get(application, "/greeting", headers={"X-Waterspout-Debug": ""})
    assert response.json() == {"hello": "world"}


def test_head_is_answered_as_usual(called):
    """A page needs a body."""
    application = called.application(Operations(debug_secret=SECRET), [("/head", OfTornado)])
    response = called.get(
        application, "/head", "HEAD", headers={"X-Waterspout-Debug": SECRET})
    assert (response.status_code, response.content) == (405, b"")


def test_access_log_has_the_response_and_not_the_page(called, caplog):
    """As do metrics."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    application = called.application(Operations(debug_secret=SECRET), ROUTES)
    called.get(application, "/broken", headers={"X-Waterspout-Debug": SECRET})
    lines = [each.getMessage() for each in caplog.records if each.name == "tornado.access"]
    assert len(lines) == 1 and lines[0].startswith("500 GET /broken")


# Upstream calls


@pytest.fixture
def upstreams(debug):
    mock = MockTransport()
    mock.get("/hosts/{name}").respond(503).respond(200, json={})
    mock.get("/slow").fail(waterspout.ReadTimeout, "no answer, token=topsecret")
    mock.get("/never").never()
    sdk = Inventory("cmdb.test:8079", transport=mock, retry=waterspout.Retry(
        1, backoff_factor=0))
    return debug("/upstreams", upstreams=[sdk])


def test_upstream_calls_are_shown_with_each_attempt(upstreams):
    """Why one was repeated, and how it has ended."""
    rows = upstreams.rows("Upstream calls")
    assert [(row[0], row[1]) for row in rows] == [
        ("GET /hosts/{name}", "http://cmdb.test:8079"), ("again", "http://cmdb.test:8079"),
        ("GET /slow", "http://cmdb.test:8079")]
    assert rows[0][2].startswith("503sent again after") and rows[1][2] == "200"
    assert "ReadTimeout" in rows[2][2] and "token=***" in rows[2][2]
    assert "topsecret" not in upstreams.html


def test_upstream_calls_are_summed_up(upstreams):
    """Those under way, too."""
    assert re.match("3 calls in .*s, with 1 retry; 1 had not ended when the response was",
                    upstreams.section("Upstream calls"))


def test_waterfall_shows_the_calls(upstreams):
    """As a picture, with each attempt."""
    assert "Waterfall: 3 exchanges" in upstreams.html
    assert "GET /hosts/{name}" in upstreams.html


def test_request_without_calls_says_so(debug):
    """There is no picture then."""
    page = debug("/greeting")
    assert "This request has made none" in page.section("Upstream calls")
    assert "wsw" not in page.html.partition("<body>")[2]


def test_many_calls_are_cut(debug, monkeypatch):
    """A page about thousands helps nobody; their number is there."""
    mock = MockTransport()
    mock.get("/hosts").respond(200, json={})

    class Many(service.JSONHandler):
        @gen.coroutine
        def get(self):
            sdk = self.upstream(Inventory)
            yield [sdk.fetch_async("GET", "/hosts") for _ in range(130)]

    page = debug("/many", [("/many", Many)], upstreams=[Inventory("a.test", transport=mock)])
    assert page.section("Upstream calls").startswith("130 calls in ")
    assert "the first 100 are shown" in page.section("Upstream calls")
    assert len(page.rows("Upstream calls")) == 100


def test_calls_of_other_requests_are_not_observed(called):
    """It costs them nothing."""
    contexts = []

    class Seen(service.JSONHandler):
        def get(self):
            contexts.append(self.call_context)

    application = called.application(Operations(debug_secret=SECRET), [("/", Seen)])
    called.get(application, "/")
    called.get(application, "/", headers={"X-Waterspout-Debug": SECRET})
    assert [len(context.observers) for context in contexts] == [0, 1]


# What it does not show


def test_secrets_are_masked(debug):
    """Those of header fields, queries and bodies, by their names."""

    class Login(service.JSONHandler):
        def get(self):
            self.set_header("Set-Cookie", "session=cookie-value")
            self.set_header("X-Auth-Token", "token-value")
            self.write_json([{"user": "me", "password": "two words", "api_key": ["a-value"]}])

    page = debug("/login?token=query-value&page=2", [("/login", Login)], {
        "Authorization": "Bearer bearer-value", "X-Api-Key": "key-value", "Cookie": "a=jar-value"})
    for secret in ("cookie-value", "token-value", "two words", "a-value", "query-value",
                   "bearer-value", "key-value", "jar-value", SECRET):
        assert secret not in page.html
    assert page.fields("Request")["X-Waterspout-Debug"] == "***"
    assert page.fields("Response")["Set-Cookie"] == "***"
    assert page.title.endswith("/login?token=***&page=2")
    assert '"user": "me"' in page.body and '"password": "***"' in page.body


def test_secrets_are_masked_in_a_body_that_is_too_long_to_be_read(debug):
    class Long(service.JSONHandler):
        def get(self):
            self.write_json({"password": "two words", "more": "x" * 100000})

    page = debug("/long", [("/long", Long)])
    assert "two" not in page.body and "words" not in page.body


def test_huge_body_is_cut(debug):
    """Its beginning and its length are shown, and no more is kept."""
    page = debug("/large")
    assert "Body: the first 4096 of 9000000 bytes" in page.section("Response")
    assert len(page.html) < 50000 and page.body.startswith("<x><x>")


def test_compressed_body_is_not_shown(debug):
    """Its bytes say nothing."""
    page = debug("/large", headers={"Accept-Encoding": "gzip"}, compress_response=True)
    assert "which are compressed and not shown" in page.section("Response")


HOSTILE = [
    u"<script>alert(1)</script>", u"\"><img src=x onerror=alert(1)>", u"'-alert(1)-'", u"</pre>",
    u"</style><style>*{}", u"<!--", u"&lt;b&gt;", u"]]>", u"\u202egnp.exe", u"{{7*7}}", u"%s%d"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(debug, text):
    """In a path, a query, a field, a body and an upstream's error: the page has the same elements.
    """

    def page_with(text):
        quoted = waterspout._compat.quote(text.encode("utf-8"), safe="")
        mock = MockTransport()
        mock.get("/slow").fail(waterspout.ReadTimeout, text.encode("ascii", "replace").decode())

        class Echo(service.JSONHandler):
            @gen.coroutine
            def get(self, path):
                self.set_header("X-Echo", text.encode("utf-8"))
                try:
                    yield self.upstream(Inventory).fetch_async("GET", "/slow")
                except waterspout.ReadTimeout:
                    pass
                self.write(u"body " + text)

        sdk = Inventory("a.test", transport=mock)
        return debug("/echo/%s?q=%s" % (quoted, quoted), [("/echo/(.*)", Echo)], {
            "User-Agent": text.encode("utf-8")}, upstreams=[sdk])

    page, plain = page_with(text), page_with(u"plain")
    assert page.elements == plain.elements
    shown = text.replace(u"\u202e", u"\ufffd")
    assert page.body == u"body " + shown


@pytest.mark.parametrize("body", [
    b"\x00\x01\x02\xff\xfe", b"\xed\xa0\x80", b"[" * 10000, b'{"a": NaN}', b"\xf0\x9f\x98\x80",
    b'{"a": "\\ud800"}', b" ", b"{}" * 3000, b"token" * 3000, b"\\\"'" * 5000, b"://" * 5000])
def test_any_bytes_can_be_shown(debug, body):
    """As text in UTF-8, with U+FFFD for what is none."""

    class Bytes(service.JSONHandler):
        def get(self):
            self.write(body)

    page = debug("/", [("/", Bytes)])
    assert u"\0" not in page.html
    assert "Body: " in page.section("Response")


# What a browser may do with it


def test_page_loads_nothing_and_runs_nothing(upstreams):
    """It can be saved and sent to a colleague."""
    names = set(name for name, _ in upstreams.elements)
    assert names.isdisjoint(
        ["script", "link", "img", "iframe", "object", "embed", "form", "a", "base"])
    attributes = set(name for _, attributes in upstreams.elements for name in attributes)
    assert attributes.isdisjoint(["style", "href", "src", "srcset", "xlink:href"])
    assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in upstreams.html and "@import" not in upstreams.html


def test_policy_allows_the_style_sheets_of_the_page_only(upstreams):
    """Those of the page and of the picture, by their hashes."""
    policy = upstreams.response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ") and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    styles = re.findall("<style>(.*?)</style>", upstreams.html, re.DOTALL)
    assert len(styles) == 2
    for style in styles:
        digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
        assert "'sha256-%s'" % digest in policy
    assert upstreams.response.headers["Cache-Control"] == "no-store"
    assert upstreams.response.headers["X-Content-Type-Options"] == "nosniff"
    assert upstreams.response.headers["Referrer-Policy"] == "no-referrer"


def test_page_that_cannot_be_made_is_reported(called, caplog, monkeypatch):
    """The client gets an answer, and the log has the traceback."""

    def fail(record):
        raise ZeroDivisionError("of the page")

    monkeypatch.setattr(debug_connection, "page_of", fail)
    application = called.application(Operations(debug_secret=SECRET), ROUTES)
    response = called.get(application, "/greeting", headers={"X-Waterspout-Debug": SECRET})
    assert response.status_code == 200 and b"could not be made" in response.content
    assert "ZeroDivisionError" in caplog.text


def test_handler_notices_that_its_client_leaves(called):
    """As without the page."""
    handlers, left = [], Event()

    class Waiting(service.JSONHandler):
        def on_connection_close(self):
            super(Waiting, self).on_connection_close()
            left.set()

        @gen.coroutine
        def get(self):
            handlers.append(self)
            yield left.wait()

    application = called.application(Operations(debug_secret=SECRET), [("/", Waiting)])
    with pytest.raises(waterspout.Timeout):
        called.get(application, "/", headers={"X-Waterspout-Debug": SECRET}, timeout=0.05)
    called.run(left.wait)
    assert handlers[0].client_left_after > 0
