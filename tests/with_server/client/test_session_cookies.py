"""Cookies of a session, of a call and of a response, on every transport."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import answering, response

import waterspout
from waterspout._compat import cookiejar
from waterspout.cookies.jar import RequestsCookieJar, cookiejar_from_dict


def cookies_of(server):
    """For each request that arrived, the set of its cookies."""
    return [
        set(dict(request.headers)["cookie"].split("; ")) if "cookie" in dict(request.headers)
        else set()
        for request in server.received
    ]


def setting(*fields, **options):
    """A response with these Set-Cookie fields, each a line of its own."""
    headers = [("Set-Cookie", field) for field in fields] + options.pop("headers", [])
    return response(b"x", headers=headers, **options)


def test_a_session_keeps_cookies_of_responses(serve, client):
    """They are sent with the next call; two fields are two cookies."""
    server = serve(answering(
        setting("a=1; Path=/", "b=2; Expires=Wed, 01 Jan 2031 00:00:00 GMT"), response(b"")))
    answer = client.get(server.url())
    assert dict(answer.cookies) == {"a": "1", "b": "2"} == dict(client.session.cookies)
    assert dict(client.get(server.url()).cookies) == {}
    assert cookies_of(server) == [set(), {"a=1", "b=2"}]


@pytest.mark.parametrize("name", ["set-cookie", "SET-COOKIE", "Set-Cookie"])
def test_a_set_cookie_in_any_case_is_seen(serve, client, name):
    """Whether there is one is known without parsing the headers, and must be right."""
    server = serve(answering(response(b"", headers=[("X-A", "1"), (name, "a=1")])))
    client.get(server.url())
    client.get(server.url())
    assert cookies_of(server) == [set(), {"a=1"}]


def test_text_that_looks_like_a_set_cookie_sets_none(serve, client):
    """In another field's value or name, or in the body."""
    server = serve(answering(response(b"\r\nSet-Cookie: c=3\r\n", headers=[
        ("X-Note", "set-cookie: a=1"), ("X-Set-Cookie", "b=2"), ("Set-Cookie2", "d=4")])))
    answer = client.get(server.url())
    assert not answer.sets_cookies and dict(answer.cookies) == {}
    assert len(client.session.cookies) == 0


def test_a_cookie_is_forgotten_when_its_server_says_so(serve, client):
    """Max-Age=0 for the same name, domain and path."""
    server = serve(answering(setting("a=1"), setting("a=; Max-Age=0"), response(b"")))
    for _ in range(3):
        client.get(server.url())
    assert cookies_of(server) == [set(), {"a=1"}, set()]


def test_cookies_of_a_call_last_for_that_call(serve, client):
    """A mapping or a jar, beside the session's; it is gone after the call, and never changed."""
    server = serve(answering(response(b"")))
    client.session.cookies["own"] = "1"
    jar = cookiejar.CookieJar()
    given = {"call": "2"}
    client.get(server.url(), cookies=given)
    client.get(server.url(), cookies=jar)
    client.get(server.url(), cookies={})
    assert cookies_of(server) == [{"own=1", "call=2"}, {"own=1"}, {"own=1"}]
    assert given == {"call": "2"} and len(jar) == 0
    assert dict(client.session.cookies) == {"own": "1"}


def test_a_calls_cookie_goes_before_the_sessions_of_that_name(serve, client):
    """Where neither has a domain; as in requests."""
    server = serve(answering(response(b"")))
    client.session.cookies["a"] = "session"
    client.get(server.url(), cookies={"a": "call"})
    client.get(server.url())
    assert cookies_of(server) == [{"a=call"}, {"a=session"}]


def test_a_given_cookie_header_is_not_changed(serve, client):
    """The jar is not asked then, as in requests."""
    server = serve(answering(response(b"")))
    client.session.cookies["a"] = "1"
    client.get(server.url(), headers={"cookie": "by=hand"}, cookies={"b": "2"})
    assert cookies_of(server) == [{"by=hand"}]


@pytest.mark.parametrize("cookies", ["a=1", [("a", "1")], 7, object()])
def test_invalid_cookies_are_a_type_error(client, cookies):
    """At once, and of the session as well."""
    with pytest.raises(TypeError):
        client.session.get("http://127.0.0.1:1/", cookies=cookies)
    with pytest.raises(TypeError):
        waterspout.Session(cookies=cookies)


@pytest.mark.parametrize("value", ["1\r\nX-Evil: 1", "1; admin=1", u"\u4e2d"])
def test_a_cookie_that_cannot_be_sent_is_refused(serve, client, value):
    """Nothing arrives."""
    server = serve(answering(response(b"")))
    error = None
    try:
        client.get(server.url(), cookies={"a": value})
    except waterspout.InvalidHeader as caught:
        error = caught
    assert error is not None and error.may_have_been_sent is False
    assert server.received == []


def test_a_session_may_begin_with_cookies(serve, make_client):
    """A mapping, or a jar, which stays the jar."""
    server = serve(answering(setting("b=2"), response(b"")))
    jar = cookiejar.CookieJar()
    client = make_client(cookies=jar)
    assert client.session.cookies is jar
    client.get(server.url())
    assert [(each.name, each.value) for each in jar] == [("b", "2")]
    client.session.cookies = {"a": "1"}
    client.get(server.url())
    assert isinstance(client.session.cookies, RequestsCookieJar)
    assert dict(make_client(cookies={"a": "1"}).session.cookies) == {"a": "1"}
    assert cookies_of(server) == [set(), {"a=1"}]


def test_a_quoted_cookie_value_keeps_its_quotes(serve, client):
    """In the jar, and on the way back."""
    server = serve(answering(setting('a="b:c"'), response(b"")))
    client.get(server.url())
    assert client.session.cookies["a"] == '"b:c"'
    client.get(server.url())
    assert cookies_of(server)[1] == {'a="b:c"'}


def plain_jar(**cookies):
    """The standard library's own, as other programs have it."""
    return cookiejar_from_dict(cookies, cookiejar.CookieJar())


def test_any_cookie_jar_of_the_standard_library_works(serve, make_client):
    """Of the session and of a call; at redirects too, and beside a jar of the other kind."""
    away = response(b"", status=302, headers=[("Location", "/there")])
    server = serve(answering(response(b""), away, response(b"")))
    jar, theirs = plain_jar(a="1"), plain_jar(b="2")
    client = make_client(cookies=jar)
    client.get(server.url())
    client.get(server.url(), cookies=theirs)
    client.session.cookies = {"c": "3"}
    client.get(server.url(), cookies=theirs)
    assert cookies_of(server) == [{"a=1"}] + [{"a=1", "b=2"}] * 2 + [{"b=2", "c=3"}]
    assert (len(jar), len(theirs)) == (1, 1)


def moving(peer):
    """/1, /2, /3: each sets a cookie of its name and leads on; /4 is the end."""
    for request in peer.requests():
        step = int(request.target.strip("/"))
        fields = [("Set-Cookie", "s%d=%d; Path=/" % (step, step))]
        if step < 4:
            peer.send(response(
                b"moved", status=302, headers=fields + [("Location", "/%d" % (step + 1))]))
        else:
            peer.send(response(b"arrived", headers=fields))


def test_cookies_of_redirects_are_kept_and_sent(serve, client):
    """Each is sent to the next hop, and all end in the session's jar."""
    server = serve(moving)
    answer = client.get(server.url("/1"), cookies={"call": "0"})
    assert cookies_of(server) == [
        {"call=0"}, {"call=0", "s1=1"}, {"call=0", "s1=1", "s2=2"},
        {"call=0", "s1=1", "s2=2", "s3=3"}]
    assert dict(client.session.cookies) == {"s1": "1", "s2": "2", "s3": "3", "s4": "4"}
    assert dict(answer.cookies) == {"s4": "4"}
    assert [dict(each.cookies) for each in answer.history] == [
        {"s1": "1"}, {"s2": "2"}, {"s3": "3"}]


@pytest.mark.parametrize("given", [None, {"call": "0"}], ids=["none", "of the call"])
def test_without_a_jar_cookies_live_for_one_call(serve, make_client, given):
    """Its redirects have them; the next call has not."""
    server = serve(moving)
    client = make_client(cookies=None)
    expected = {"s1=1", "s2=2", "s3=3"} | ({"call=0"} if given else set())
    for _ in range(2):
        client.get(server.url("/1"), cookies=given)
        assert cookies_of(server)[-1] == expected
        assert cookies_of(server)[-4] == ({"call=0"} if given else set())
    assert client.session.cookies is None


def test_a_redirect_to_another_host_gets_the_cookies_of_that_host(serve, client):
    """Not those of this host, nor those without a domain; and on the way back, those again."""
    other = serve(lambda peer: [
        peer.send(setting("there=1", status=302, headers=[("Location", server.url("/back"))]))
        for _ in peer.requests()])
    # Another origin of which the jar knows that it is: another host. (Ports share cookies.)
    there = "http://localhost:%d/" % other.port
    answers = [
        setting("here=1; Path=/", status=302, headers=[("Location", there)]), response(b"back")]
    server = serve(answering(*answers))
    client.session.cookies["session"] = "nobodys"
    client.get(server.url(), cookies={"call": "0"})
    assert cookies_of(other) == [set()]
    assert cookies_of(server) == [
        {"call=0", "session=nobodys"}, {"call=0", "session=nobodys", "here=1"}]
    assert sorted(client.session.cookies.keys()) == ["here", "session", "there"]


def test_cookies_without_a_domain_are_not_sent_to_another_port(serve, client):
    """They are one origin's. A server's own cookies do, as in requests and browsers."""
    other = serve(answering(response(b"")))
    server = serve(answering(setting("own=1", status=302, headers=[("Location", other.url())])))
    client.session.cookies["session"] = "nobodys"
    client.get(server.url(), cookies={"call": "0"})
    assert cookies_of(other) == [{"own=1"}]


@pytest.mark.parametrize("given", [None, {"call": "0"}], ids=["none", "of the call"])
def test_a_hook_may_add_cookies_between_redirects(serve, client, given):
    """What it adds to the session's jar for a host is sent; cookies without a domain are not."""
    other = serve(answering(response(b"")))
    server = serve(answering(response(b"", status=302, headers=[("Location", other.url())])))

    def hook(answer, **kwargs):
        client.session.cookies.set("late", "1", domain="127.0.0.1")
        client.session.cookies.set("nobodys", "2")

    client.get(server.url(), cookies=given, hooks={"response": hook})
    assert cookies_of(other) == [{"late=1"}]


def test_a_given_cookie_header_is_not_sent_with_a_redirect(serve, client):
    """At every redirect, as in requests: the jar knows what is for the next URL."""
    server = serve(moving)
    client.get(server.url("/3"), headers={"Cookie": "by=hand"})
    assert cookies_of(server) == [{"by=hand"}, {"s3=3"}]


def test_streamed_responses_set_cookies(serve, io_loop, servers):
    """At the head, before the body has come."""
    from client_fixtures import Client

    client = Client(io_loop, "pooled")
    try:
        server = serve(answering(setting("a=1")))
        answer = client.get(server.url(), stream=True)
        assert dict(client.session.cookies) == {"a": "1"}
        assert client.run(answer.read) == b"x"
    finally:
        client.close()


def test_an_sdk_keeps_no_cookies(serve, client):
    """Behind one SDK are many users; one's session must not become another's."""
    server = serve(answering(setting("sid=first-user"), response(b"{}")))

    class SDK(waterspout.BaseSDK):
        def decode(self, response):
            return response.content

    sdk = SDK(server.url(), 1, transport=client.transport)
    try:
        for _ in range(2):
            client.run(lambda: sdk.fetch_async("GET", "/"))
    finally:
        client.run(sdk.close)
    assert sdk.session.cookies is None
    assert cookies_of(server) == [set(), set()]


def test_an_sdk_keeps_cookies_if_asked(serve, client):
    """For an upstream with a login of its own."""
    server = serve(answering(setting("sid=1"), response(b"{}")))
    sdk = waterspout.BaseSDK(server.url(), 1, transport=client.transport, cookies={})
    try:
        client.run(lambda: sdk.session.get(server.url()))
        client.run(lambda: sdk.session.get(server.url()))
    finally:
        client.run(sdk.close)
    assert cookies_of(server) == [set(), {"sid=1"}]
