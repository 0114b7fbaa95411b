from __future__ import absolute_import, division, print_function

import pytest
from raw_server import answering, response
from tornado.httputil import HTTPHeaders

OK = response(b"ok")

CREDENTIALS = ("authorization", "cookie", "proxy-authorization")


def redirect(location, status=302):
    return response(b"elsewhere", status=status, reason="Go", headers=[("Location", location)])


def credentials_in(request):
    return [pair for pair in request.headers if pair[0] in CREDENTIALS]


@pytest.fixture
def elsewhere(serve):
    """Another port of this machine, and so another origin."""
    return serve(answering(OK))


# Credentials

SECRETS = {
    "header": dict(headers={"Authorization": "Bearer secret"}),
    "cookie": dict(headers={"Cookie": "session=secret"}),
    "proxy header": dict(headers={"Proxy-Authorization": "Basic secret"}),
    "repeated header": dict(headers=[("Cookie", "a=secret"), ("cookie", "b=secret")]),
    "options": dict(auth_username="me", auth_password="secret"),
}


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_credentials_are_not_sent_to_another_origin(serve, pooled, elsewhere, name):
    """However it was given, it was for the first server."""
    options = dict(SECRETS[name])
    if isinstance(options.get("headers"), list):
        headers = HTTPHeaders()
        for pair in options["headers"]:
            headers.add(*pair)
        options["headers"] = headers
    server = serve(answering(redirect(elsewhere.url("/next"))))
    assert pooled().fetch(server.url(), **options).body == b"ok"
    assert credentials_in(server.received[0]) != []
    assert credentials_in(elsewhere.received[0]) == []


def test_a_user_of_the_url_is_not_sent_to_another_origin(serve, pooled, elsewhere):
    """The name and password of a URL are for its host."""
    server = serve(answering(redirect(elsewhere.url())))
    pooled().fetch(server.url().replace("//", "//me:secret@"))
    assert credentials_in(server.received[0]) != []
    assert credentials_in(elsewhere.received[0]) == []


def test_default_credentials_are_not_sent_to_another_origin(serve, pooled, elsewhere):
    """Neither do those that the client adds to every request."""
    server = serve(answering(redirect(elsewhere.url())))
    client = pooled(defaults=dict(auth_username="me", auth_password="secret"))
    client.fetch(server.url())
    assert credentials_in(server.received[0]) != []
    assert credentials_in(elsewhere.received[0]) == []


def test_a_user_in_a_location_is_ignored(serve, pooled, elsewhere):
    """A server that could name a user for another one would log us in where it likes."""
    server = serve(answering(redirect(elsewhere.url().replace("//", "//them:theirs@"))))
    answer = pooled().fetch(server.url())
    assert credentials_in(elsewhere.received[0]) == []
    assert "theirs" not in answer.effective_url


def test_dropped_credentials_are_not_sent_after_a_redirect_back(serve, pooled, elsewhere):
    """Once it was dropped, a redirect back home does not bring it out again."""
    home = serve(answering(redirect(elsewhere.url()), OK))
    elsewhere._behave = answering(redirect(home.url("/again")))
    pooled().fetch(home.url(), headers={"Cookie": "secret"}, auth_username="me")
    assert credentials_in(home.received[0]) != []
    assert credentials_in(elsewhere.received[0]) == []
    assert credentials_in(home.received[1]) == []


@pytest.mark.parametrize("options", [
    dict(headers={"Authorization": "Bearer mine", "Cookie": "a=b"}),
    dict(auth_username="me", auth_password="mine"),
], ids=["headers", "options"])
def test_credentials_are_sent_again_on_the_same_origin(serve, pooled, options):
    """A redirect on the same server is asked for with the same credentials."""
    server = serve(answering(redirect("/next"), OK))
    pooled().fetch(server.url(), **options)
    first, second = server.received
    assert credentials_in(first) == credentials_in(second) != []


def test_a_user_of_the_url_is_sent_again_on_the_same_origin(serve, pooled):
    """The URL of a redirect need not repeat them."""
    server = serve(answering(redirect("/next"), OK))
    pooled().fetch(server.url().replace("//", "//me:mine@"))
    first, second = server.received
    assert credentials_in(first) == credentials_in(second) != []


# Methods, bodies and headers


@pytest.mark.parametrize("method, status, then", [
    ("POST", 301, "GET"), ("POST", 302, "GET"), ("POST", 303, "GET"),
    ("POST", 307, "POST"), ("POST", 308, "POST"),
    ("PUT", 301, "PUT"), ("PUT", 302, "PUT"), ("PUT", 303, "GET"), ("PUT", 307, "PUT"),
    ("DELETE", 302, "DELETE"), ("DELETE", 303, "GET"),
    ("HEAD", 302, "HEAD"), ("HEAD", 303, "HEAD"), ("HEAD", 308, "HEAD"),
])
def test_the_method_after_a_redirect(serve, pooled, method, status, then):
    """Tornado 6's rules, which are those of RFC 9110 and of browsers, on every Tornado."""
    moved = redirect("/next", status)
    if method == "HEAD":
        moved, done = moved[:-len(b"elsewhere")], OK[:-len(b"ok")]
    else:
        done = OK
    server = serve(answering(moved, done))
    body = b"data" if method in ("POST", "PUT") else None
    answer = pooled().fetch(server.url(), method=method, body=body,
                            headers={"Content-Type": "text/x", "X-Kept": "yes"})
    first, second = server.received
    assert (first.method, second.method, second.target) == (method, then, "/next")
    kept = then == method
    assert second.body == (first.body if kept else b"")
    assert ("content-type" in dict(second.headers)) == kept
    assert dict(second.headers)["x-kept"] == "yes"
    assert answer.request.method == method
    assert answer.effective_url == server.url("/next")
    assert server.accepted == 1


def test_a_produced_body_is_produced_again_for_a_redirect(serve, pooled):
    """What wrote the body writes it for the next server as well."""
    server = serve(answering(redirect("/next", 307), OK))
    pooled().fetch(server.url(), method="POST", headers={"Content-Length": "4"},
                   body_producer=lambda write: write(b"data"))
    assert [request.body for request in server.received] == [b"data", b"data"]


def test_a_host_header_is_for_the_first_request_only(serve, pooled):
    """The next server is asked by the name that the redirect gives it."""
    server = serve(answering(redirect("/next"), OK))
    pooled().fetch(server.url(), headers={"Host": "virtual"})
    assert [dict(request.headers)["host"] for request in server.received] == [
        "virtual", server.address]


# Which are followed, and how many


#: RFC 3986 section 5.4, in a base of http://SERVER/b/c/d;p?q, and cases of our own.
RESOLVED = [
    ("g", "/b/c/g"), ("./g", "/b/c/g"), ("g/", "/b/c/g/"), ("/g", "/g"), ("?y", "/b/c/d;p?y"),
    ("g?y", "/b/c/g?y"), ("#s", "/b/c/d;p?q"), ("g?y#s", "/b/c/g?y"), (";x", "/b/c/;x"),
    ("g;x?y#s", "/b/c/g;x?y"), (".", "/b/c/"), ("./", "/b/c/"), ("..", "/b/"), ("../g", "/b/g"),
    ("../..", "/"), ("../../", "/"), ("../../../", "/"), ("../../g", "/g"),
    ("../../../g", "/g"), ("../../../../g", "/g"),
    ("/./g", "/g"), ("/../g", "/g"), ("g.", "/b/c/g."), ("..g", "/b/c/..g"),
    ("./g/.", "/b/c/g/"), ("g/../h", "/b/c/h"), ("g;x=1/../y", "/b/c/y"),
    ("g?y/../x", "/b/c/g?y/../x"), ("http:g", "/b/c/g"), ("http:/g", "/g"),
    ("../x//y", "/b/x//y"), ("/a%2f..%2Fb", "/a%2f..%2Fb"),
    ("/caf\xc3\xa9 bar", "/caf%C3%A9%20bar"),
]


@pytest.mark.parametrize("location, target", RESOLVED)
def test_a_location_is_resolved_and_escaped(serve, pooled, location, target):
    """Relative ones start from the URL that was asked; UTF-8 is escaped as it stands."""
    server = serve(answering(redirect(location), OK))
    answer = pooled().fetch(server.url("/b/c/d;p?q"))
    assert server.received[1].target == target
    assert answer.effective_url.partition("#")[0] == server.url(target)


def test_an_absolute_location_is_not_changed(serve, pooled):
    """A whole URL means what it says."""
    server = serve(answering(OK))
    first = serve(answering(redirect(server.url("/a/../b//c/%7e"))))
    pooled().fetch(first.url())
    assert server.received[0].target == "/a/../b//c/%7e"


def test_a_redirect_of_a_text_url(serve, pooled):
    """Letters beyond ASCII in the URL that was asked are sent on as UTF-8."""
    server = serve(answering(redirect("b"), redirect("?q"), OK))
    pooled().fetch(server.url(u"/\xe4/\u20ac"))
    assert [request.target for request in server.received] == [
        "/%C3%A4/%E2%82%AC", "/%C3%A4/b", "/%C3%A4/b?q"]


def test_the_redirect_after_max_redirects_is_the_response(serve, pooled):
    """After max_redirects the next one is not followed but given."""
    server = serve(answering(redirect("/again")))
    answer = pooled().fetch(server.url(), max_redirects=3, raise_error=False)
    assert (answer.code, answer.body) == (302, b"elsewhere")
    assert len(server.received) == 4


@pytest.mark.parametrize("answer", [
    redirect("/next", 300), redirect("/next", 304), response(status=302, reason="Where"),
], ids=["300", "304", "no Location"])
def test_a_response_that_is_no_redirect_is_not_followed(serve, pooled, answer):
    """Statuses that are no redirects, and redirects to nowhere."""
    server = serve(answering(answer[:-len(b"elsewhere")] if b" 304 " in answer else answer))
    pooled().fetch(server.url(), raise_error=False)
    assert len(server.received) == 1


def test_an_invalid_location_fails_the_fetch(serve, pooled):
    """ValueError, though the first response was a fine one."""
    server = serve(answering(redirect("ftp://elsewhere/")))
    with pytest.raises(ValueError):
        pooled().fetch(server.url())


def test_callbacks_do_not_get_redirects(serve, pooled):
    """They do not get headers and body of a redirect that is followed."""
    server = serve(answering(redirect("/next"), OK))
    lines, pieces = [], []
    pooled().fetch(server.url(), header_callback=lines.append, streaming_callback=pieces.append)
    assert lines == ["HTTP/1.1 200 OK\r\n", "Content-Length: 2\r\n", "\r\n"]
    assert pieces == [b"ok"]
