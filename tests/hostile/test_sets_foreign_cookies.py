"""A server that sets cookies for others, or wants others' cookies."""

from __future__ import absolute_import, division, print_function

import pytest
from cookie_play import answer, jar_from, sent
from raw_server import answering, response

import waterspout
from waterspout.cookies.cookie_headers import store_cookies
from waterspout.cookies.jar import RequestsCookieJar


@pytest.mark.parametrize(
    "url, domain",
    [
        ("http://evil.example/", "bank.example"),
        ("http://evil.example/", ".bank.example"),
        ("http://evilbank.example/", "bank.example"),
        ("http://bank.example.evil.net/", "bank.example"),
        ("http://a.example/", "b.a.example"),  # Below it, which is another's.
        ("http://shop.example/", "example"),
        ("http://shop.example/", ".example"),
        ("http://shop.example/", "."),
        ("http://shop.example/", ""),
        ("http://shop.co.uk/", "co.uk"),
        ("http://shop.com.cn/", ".com.cn"),
        ("http://127.0.0.1/", "0.0.1"),
        ("http://10.1.2.3/", ".2.3"),
        ("http://[::1]/", "local"),
        ("http://[2001:db8::1]/", "db8::1]"),
        ("http://billing/", "local"),
        ("http://billing/", ".local"),
        ("http://billing/", "ing"),
        ("http://localhost/", "local"),
    ],
)
def test_a_cookie_for_another_host_is_ignored(url, domain):
    """It is in no jar, neither the session's nor the response's, and is never sent."""
    field = "sid=evil; Path=/; Domain=%s" % domain
    assert len(jar_from(url, field)) == 0
    assert len(answer(url, field).cookies) == 0


@pytest.mark.parametrize(
    "url, domain, others",
    [
        ("http://www.bank.example/", "bank.example", "http://api.bank.example/x"),
        ("http://www.bank.example/", ".bank.example", "http://bank.example/"),
        ("http://a.b.bank.example:81/", "bank.example", "http://bank.example:82/"),
    ],
)
def test_a_cookie_for_its_own_domain_is_kept(url, domain, others):
    """The rule above is not met by refusing all."""
    jar = jar_from(url, "sid=1; Path=/; Domain=%s" % domain)
    assert sent(jar, url) == sent(jar, others) == {"sid=1"}
    assert sent(jar, "http://evil.example/") == set()
    assert sent(jar, "http://notbank.example/") == set()


@pytest.mark.parametrize(
    "url, others",
    [
        ("http://bank.example/", ["http://users.bank.example/", "http://bank.example.evil.net/"]),
        ("http://127.0.0.1/", ["http://127.0.0.2/", "http://9.127.0.0.1/", "http://localhost/"]),
        ("http://billing/", ["http://mail/", "http://billing.evil/", "http://mail.billing/"]),
        ("http://[::1]/", ["http://[::2]/", "http://localhost/", "http://[1::1]/"]),
    ],
)
def test_a_cookie_without_a_domain_is_sent_to_its_host_only(url, others):
    """Not even the names below it get it (RFC 6265 section 5.4)."""
    jar = jar_from(url, "sid=1")
    assert sent(jar, url) == {"sid=1"}
    for other in others:
        assert sent(jar, other) == set()


@pytest.mark.parametrize(
    "path, inside, outside",
    [
        ("/team", ["/team", "/team/", "/team/a", "/team?q=1"], ["/", "/teams", "/tea", "/TEAM"]),
        ("/team/", ["/team/", "/team/a"], ["/", "/team", "/teams/"]),
        ("/", ["/", "/x", "/x/y"], []),
    ],
)
def test_a_cookie_is_sent_below_its_path_only(path, inside, outside):
    """By whole segments, not by text."""
    jar = jar_from("http://host.example/", "sid=1; Path=%s" % path)
    for place in inside:
        assert sent(jar, "http://host.example" + place) == {"sid=1"}, place
    for place in outside:
        assert sent(jar, "http://host.example" + place) == set(), place


def test_a_secure_cookie_is_not_sent_in_the_clear():
    """It is not sent over http, wherever it came from."""
    jar = jar_from("https://host.example/", "sid=1; Secure", "open=2")
    assert sent(jar, "https://host.example/") == {"sid=1", "open=2"}
    assert sent(jar, "http://host.example/") == {"open=2"}


def test_a_cookie_with_a_port_is_sent_to_that_port_only():
    """The Port attribute, of a server that knows it; others' ports share, as in browsers."""
    jar = jar_from("http://host.example:81/", "sid=1; Port=81", "any=2")
    assert sent(jar, "http://host.example:81/") == {"sid=1", "any=2"}
    assert sent(jar, "http://host.example:82/") == {"any=2"}
    assert len(jar_from("http://host.example:81/", "sid=1; Port=82")) == 0


@pytest.mark.parametrize(
    "url, field",
    [
        ("http://evil.example/", "sid=; Path=/; Domain=bank.example; Max-Age=0"),
        ("http://evil.example/", "sid=; Path=/; Domain=.bank.example; Max-Age=-1"),
        ("http://evilbank.example/",
         "sid=x; Path=/; Domain=bank.example; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
    ],
)
def test_a_host_cannot_expire_cookies_of_another(url, field):
    """The standard library removes expired cookies before it asks its policy."""
    jar = jar_from("http://www.bank.example/", "sid=1; Path=/; Domain=bank.example")
    store_cookies(jar, answer(url, field))
    assert sent(jar, "http://bank.example/") == {"sid=1"}


def test_a_host_can_expire_its_own_cookies():
    """With and without a Domain, and on a host without a dot."""
    jar = jar_from("http://www.bank.example/", "a=1; Path=/; Domain=bank.example", "b=2")
    store_cookies(jar, answer(
        "http://www.bank.example/", "a=; Path=/; Domain=bank.example; Max-Age=0", "b=; Max-Age=0"))
    assert len(jar) == 0
    jar = jar_from("http://billing/", "a=1")
    store_cookies(jar, answer("http://billing/", "a=; Max-Age=0"))
    assert len(jar) == 0


def test_given_cookies_without_a_domain_stay_on_their_origin():
    """A cookie without a domain is the URL's: not another port's, scheme's or host's."""
    first = waterspout.PreparedRequest("GET", "https://host.example/", cookies={"sid": "1"})
    assert first.headers["Cookie"] == "sid=1"
    assert sent(first.cookies, "https://host.example/other") == {"sid=1"}
    for other in ("http://host.example/", "https://host.example:444/", "https://evil.example/"):
        assert sent(first.cookies, other) == set()


@pytest.mark.parametrize("shared", ["sdk", "default session"])
def test_the_users_of_a_service_share_no_cookies(serve, client, shared):
    """What is set for one caller of a service is not said for the next."""
    server = serve(answering(response(b"{}", headers=[("Set-Cookie", "sid=1; Path=/")])))
    if shared == "sdk":
        sdk = waterspout.BaseSDK(server.address, 1, transport=client.transport)
        call, close = (lambda: sdk.fetch_async("GET", "/")), sdk.close
    else:
        def call():
            return waterspout.get(server.url())

        def close():
            return waterspout.default_session().close()
    for _ in range(2):
        client.run(call)
    client.run(close)
    assert [dict(each.headers).get("cookie") for each in server.received] == [None, None]


def test_a_given_jar_is_not_changed():
    """Binding works on copies: the same jar serves another URL."""
    given = RequestsCookieJar()
    given["sid"] = "1"
    for url in ("http://one.example/", "http://two.example/"):
        assert sent(given, url) == {"sid=1"}
    assert [cookie.domain for cookie in given] == [""]
