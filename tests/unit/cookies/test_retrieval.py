"""Generated jars, policies and requests: the same cookies are sent as by the standard library."""

from __future__ import absolute_import, division, print_function

import copy
import random
import time

import pytest
import requests
from cookies_by_walk import header_by_walk

from waterspout._compat import cookiejar
from waterspout.cookies import RequestsCookieJar, create_cookie, retrieval
from waterspout.cookies.call_jars import merge_cookies
from waterspout.cookies.cookie_policy import CookiePolicy
from waterspout.exceptions import RequestException
from waterspout.models.prepared_request import PreparedRequest

NOW = int(time.time())

HOSTS = ["a.example", "www.a.example", "nota.example", "b.example", "localhost", "WWW.A.example",
         "127.0.0.1", "[::1]", "[fe80::1%25eth0]", "[1:2:]", "a.example.", "x.local", "co.uk",
         "a.co.uk"]
DOMAINS = ["", "", "a.example", ".a.example", "www.a.example", ".www.a.example", "example",
           ".example", "localhost", "localhost.local", ".local", "127.0.0.1", "0.0.1", ".0.0.1",
           "[::1].local", ".", "..a.example", "a.example.", ".co.uk", "b.example", "e"]
PATHS = ["/", "/", "/deep", "/deep/", "/deep/path", "/de", "/other", "", "/%7Euser", "/a%2Fb"]
REQUEST_PATHS = ["/", "/deep", "/deep/", "/deep/path", "/deeper", "/deep/path?q=/other", "/~user/x",
                 "/a%2fb", "//deep/path", "/a b", u"/\xe9", "/;p=1/x", "/deep#f"]
GIVEN_HOSTS = [None, None, None, None, "a.example", "a.example:8080", "A.EXAMPLE", ".a.example",
               "a.example/deep?x", "10.0.0.1", "", "localhost"]
NAMES = ["a", "b", "c", "sid", "Zz", "10", u"u"]
VALUES = ["1", "x y", "", None, '"q"', '"a\\"b"', '"\\\\\\"\\""', "a=b", u"\xe9", u"text"]
ORIGIN = ("http", "a.example", 80)


class OwnCookie(cookiejar.Cookie):
    """A user's class with a rule of its own."""

    def is_expired(self, now=None):
        return self.name == "b"


class OwnPolicy(CookiePolicy):
    """A user's policy with a rule of its own."""

    def return_ok_port(self, cookie, request):
        return cookie.name != "a"


class OwnJar(RequestsCookieJar):
    """A user's jar with a rule of its own."""

    def _cookies_for_request(self, request):
        return [cookie for cookie in self if cookie.name in "ab"]


class OwnStoringPolicy(CookiePolicy):
    """A user's policy with a rule for what is stored, not for what is sent."""

    def set_ok(self, cookie, request):
        return cookie.name != "a"


class Subclass(RequestsCookieJar):
    """A user's jar that is empty, as for a type of its own."""


class OwnStoringJar(requests.cookies.RequestsCookieJar):
    """A user's jar that replaces methods which have no part in what is sent."""

    def __init__(self, policy=None):
        requests.cookies.RequestsCookieJar.__init__(self, policy)
        self.note = "text"

    def __len__(self):
        return 1

    def clear(self, domain=None, path=None, name=None):
        self.note = name
        requests.cookies.RequestsCookieJar.clear(self, domain, path, name)


class OwnIterationJar(RequestsCookieJar):
    """A user's jar that shows some of its cookies; others stay in it when they are expired."""

    def __iter__(self):
        for cookie in RequestsCookieJar.__iter__(self):
            if cookie.name != "b":
                yield cookie


class OwnExpiryJar(RequestsCookieJar):
    """A user's jar that clears more than expired cookies, whenever it is asked."""

    def clear_expired_cookies(self):
        for cookie in list(self):
            if cookie.name == "a":
                self.clear(cookie.domain, cookie.path, cookie.name)


def a_policy(dice):
    options = dict(
        netscape=dice.random() < 0.9,
        rfc2965=dice.random() < 0.15,
        hide_cookie2=dice.random() < 0.5,
        strict_domain=dice.random() < 0.5,
        strict_rfc2965_unverifiable=dice.random() < 0.5,
        strict_ns_unverifiable=dice.random() < 0.1,
        strict_ns_domain=dice.choice([0, 0, 1, 2, 3, 4, 7]),
    )
    if dice.random() < 0.2:
        options["blocked_domains"] = dice.sample(DOMAINS, 3)
    if dice.random() < 0.2:
        options["allowed_domains"] = dice.sample(DOMAINS, 8)
    cls = dice.choice([CookiePolicy] * 3 + [cookiejar.DefaultCookiePolicy] * 2 + [
        OwnPolicy, OwnStoringPolicy])
    policy = cls(**options)
    if hasattr(policy, "secure_protocols") and dice.random() < 0.2:
        policy.secure_protocols = ("http",)
    if dice.random() < 0.05:
        policy.return_ok_secure = lambda cookie, request: cookie.name != "sid"
    return policy


def a_cookie(dice):
    cookie = create_cookie(
        dice.choice(NAMES),
        dice.choice(VALUES),
        domain=dice.choice(DOMAINS),
        path=dice.choice(PATHS),
        version=dice.choice([0] * 8 + [1]),
        port=dice.choice([None] * 6 + ["80", "8080,443", "80,8080", ""]),
        secure=dice.random() < 0.2,
        expires=dice.choice([None] * 6 + [NOW - 100, 0, NOW + 10 ** 6]),
    )
    if dice.random() < 0.3:
        cookie.domain_specified = not cookie.domain_specified
    if dice.random() < 0.1:
        cookie.bound_to = dice.choice([ORIGIN, ("https", "b.example", 443), None])
    if dice.random() < 0.03:
        cookie.__class__ = OwnCookie
    return cookie


def a_jar(dice):
    cls = dice.choice([RequestsCookieJar] * 6 + [requests.cookies.RequestsCookieJar] * 2 + [
        cookiejar.CookieJar, cookiejar.MozillaCookieJar, Subclass, OwnJar, OwnStoringJar,
        OwnIterationJar, OwnExpiryJar])
    policy = None
    if dice.random() < 0.7:
        policy = a_policy(dice)
    jar = cls(policy=policy)
    with_domains = dice.random() < 0.6
    for _ in range(dice.choice([0, 1, 1, 2, 5, 12])):
        cookie = a_cookie(dice)
        if cookie.domain or not with_domains:
            jar.set_cookie(cookie)
    for cookie in list(jar):  # Changed after it was stored.
        if dice.random() < 0.03:
            cookie.domain = dice.choice(DOMAINS)
        if dice.random() < 0.03:
            cookie.path = dice.choice(PATHS)
        if dice.random() < 0.03:
            cookie.expires = dice.choice([None, NOW - 1, NOW + 10 ** 6])
        if dice.random() < 0.02:
            cookie.value = dice.choice(["changed", "", None, "bad;"])
        if dice.random() < 0.02:
            cookie.version = dice.choice([0, 1, None])
    if dice.random() < 0.1:
        jar.note = "text"
    if dice.random() < 0.03:
        jar._cookies_for_request = lambda request: list(jar)
    return jar


def a_url(dice):
    return "%s://%s%s" % (dice.choice(["http", "http", "https"]),
                          dice.choice(HOSTS) + dice.choice(["", "", ":8080", ":443"]),
                          dice.choice(REQUEST_PATHS))


def cookies_of_a_call(dice):
    kind = dice.random()
    if kind < 0.5:
        return None
    if kind < 0.7:
        return a_jar(dice)
    return dict((dice.choice(NAMES), dice.choice(VALUES)) for _ in range(dice.choice([1, 2, 6])))


def a_case(seed):
    """The same for the same seed, but made again: nothing is shared."""
    dice = random.Random(seed)
    jar = None if dice.random() < 0.1 else a_jar(dice)
    cookies = cookies_of_a_call(dice)
    given_host = dice.choice(GIVEN_HOSTS)
    headers = {} if given_host is None else {"Host": given_host}
    return jar, cookies, a_url(dice), headers


def described(jar):
    """Everything that a jar has, in the orders in which it is used."""
    def attributes(cookie):
        return sorted(vars(cookie).items(), key=lambda item: item[0])

    if jar is None:
        return None
    nested = [(domain, path, name, attributes(jar._cookies[domain][path][name]))
              for domain in jar._cookies for path in jar._cookies[domain]
              for name in jar._cookies[domain][path]]
    return type(jar), nested, [attributes(cookie) for cookie in jar]


def outcome(decide, seed):
    """The header, and the jars after it; or the error."""
    jar, cookies, url, headers = a_case(seed)
    request = PreparedRequest("GET", url, headers=headers)
    try:
        header, asked = decide(jar, cookies, request)
    except (RequestException, TypeError, KeyError, ValueError) as error:
        return type(error), described(jar)
    given = cookies if isinstance(cookies, cookiejar.CookieJar) else None
    return header, described(asked), described(jar), described(given)


def by_walk(jar, cookies, request):
    if not cookies and jar is None:
        return None, None
    header, asked = header_by_walk(jar, cookies, request)
    if header is not None:  # Checked as all header fields are.
        twin = request.copy()
        twin.headers["Cookie"] = header
        twin.settle()
        header = twin.headers["Cookie"]
    return header, asked


def as_calls_do(jar, cookies, request):
    merged = merge_cookies(jar, cookies)
    if merged is not None:
        request.prepare_cookies(merged)
    return request.headers.get("Cookie"), request.cookies


@pytest.mark.parametrize("part", range(10))
def test_generated_calls_send_what_the_standard_library_would(part):
    """The same header or error, and the same cookies in the jars afterwards."""
    headers = 0
    for seed in range(part * 300, (part + 1) * 300):
        now, before = outcome(as_calls_do, seed), outcome(by_walk, seed)
        assert now == before, "seed %d" % seed
        headers += isinstance(now[0], type(u"")) or isinstance(now[0], str)
    assert headers > 60  # Enough of them have a cookie to send.


@pytest.mark.parametrize("part", range(3))
def test_a_request_made_by_itself_sends_the_same_cookies(part):
    """A mapping or a jar, without a session."""
    for seed in range(part * 300, (part + 1) * 300):
        dice = random.Random(seed)
        make = dice.choice([a_jar, lambda dice: dict((name, dice.choice(VALUES[:-2]))
                                                     for name in NAMES[:dice.randrange(7)])])
        state, url = dice.getstate(), a_url(random.Random(seed))
        results = []
        for by_reference in (False, True):
            dice.setstate(state)
            cookies = make(dice)
            request = PreparedRequest("GET", url)
            try:
                if by_reference:
                    header, asked = by_walk(*_as_session(cookies, request))
                else:
                    request.prepare_cookies(cookies)
                    header, asked = request.headers.get("Cookie"), request.cookies
                results.append((header, described(asked)))
            except (RequestException, TypeError, KeyError, ValueError) as error:
                results.append(type(error))
        assert results[0] == results[1], "seed %d" % seed


def _as_session(cookies, request):
    # Without a call's cookies the session's jar is used as it is.
    if isinstance(cookies, dict):
        jar = RequestsCookieJar()
        for name in cookies:
            jar.set(name, cookies[name]) if cookies[name] is not None else jar.set_cookie(
                create_cookie(name, None))
        cookies = jar
    return cookies, None, request


def sent(jar, url="http://a.example/"):
    return PreparedRequest("GET", url, cookies=jar).headers.get("Cookie")


def test_a_jar_changed_between_calls_sends_what_it_has_now():
    """Cookies set, changed, cleared and deleted in place; a changed policy."""
    jar = RequestsCookieJar()
    jar.set("a", "1", domain="a.example")
    assert sent(jar) == "a=1"
    next(iter(jar)).value = "2"
    assert sent(jar) == "a=2"
    jar.set("b", "3", domain="a.example")
    assert sent(jar) == "a=2; b=3"
    del jar["a"]
    assert sent(jar) == "b=3"
    next(iter(jar)).path = "/other"  # The path that it had when it was set decides.
    assert sent(jar) == "b=3"
    next(iter(jar)).expires = NOW + 10 ** 6
    assert sent(jar) == "b=3"
    jar.get_policy().set_blocked_domains(["a.example"])
    assert sent(jar) is None
    jar.set_policy(CookiePolicy())
    assert sent(jar) == "b=3"
    next(iter(jar)).secure = True
    assert sent(jar) is None and sent(jar, "https://a.example/") == "b=3"
    jar.clear()
    assert sent(jar) is None
    jar.update({"c": "4"})
    assert sent(jar) == "c=4"


def test_a_cookie_of_rfc_2965_is_sent_with_its_version():
    """If the policy allows it, in the header's older form."""
    for rfc2965, header in [(True, '$Version=1; a=1; $Path="/"'), (False, None)]:
        jar = RequestsCookieJar(cookiejar.DefaultCookiePolicy(rfc2965=rfc2965))
        jar.set("a", "1", domain="a.example", version=1)
        assert sent(jar) == header


def test_expired_cookies_are_removed_from_the_jar():
    """Those of other hosts too, as by the standard library."""
    jar = RequestsCookieJar()
    for name, domain, expires in [("a", "a.example", NOW - 1), ("b", "b.example", NOW - 1),
                                  ("c", "a.example", NOW + 10 ** 6)]:
        jar.set(name, "1", domain=domain, expires=expires)
    assert sent(jar) == "c=1"
    assert jar.keys() == ["c"]


@pytest.mark.parametrize("attribute", ["is_blocked", "is_not_allowed"] + [
    name for name in sorted(dir(cookiejar.DefaultCookiePolicy)) if "return_ok" in name])
def test_methods_of_a_users_policy_are_asked(attribute):
    """Whether a subclass has replaced them or an instance."""
    def refuses(*arguments):
        return "return_ok" not in attribute

    subclass = type("Subclass", (CookiePolicy,), {attribute: refuses})
    instance = CookiePolicy()
    setattr(instance, attribute, refuses)
    for policy in (subclass(), instance):
        jar = RequestsCookieJar(policy)
        jar.set("a", "1", domain="a.example")
        assert sent(jar) is None


def test_methods_of_a_users_jar_are_asked():
    """Whether a subclass has replaced them, a class beside the jar's, or an instance."""
    class Mixin(object):
        def add_cookie_header(self, request):
            request.add_unredirected_header("Cookie", "own=1")

    class Jar(Mixin, requests.cookies.RequestsCookieJar):
        pass

    class SubclassOfJar(Jar):
        pass

    instance = RequestsCookieJar()
    instance.add_cookie_header = lambda request: request.add_unredirected_header("Cookie", "own=1")
    for each in (Jar(), SubclassOfJar(), instance):
        each.set("a", "1", domain="a.example")
        assert sent(each) == "own=1"


def test_a_method_that_is_set_on_a_users_class_later_is_asked():
    """What a class is found to be is not remembered."""
    class Jar(RequestsCookieJar):
        pass

    jar = Jar()
    jar.set("a", "1", domain="a.example")
    assert sent(jar) == "a=1"
    Jar._cookies_for_request = lambda self, request: []
    assert sent(jar) is None


def with_a_note():
    jar = RequestsCookieJar()
    jar.note = jar.get_policy().note = "text"
    return jar


@pytest.mark.parametrize("jar", [
    RequestsCookieJar(), RequestsCookieJar(CookiePolicy(blocked_domains=["b.example"])),
    cookiejar.CookieJar(), cookiejar.MozillaCookieJar(), cookiejar.LWPCookieJar(),
    requests.cookies.RequestsCookieJar(), Subclass(), OwnStoringJar(), with_a_note(),
    RequestsCookieJar(OwnStoringPolicy()),
], ids=lambda jar: "%s.%s" % (type(jar).__module__, type(jar).__name__))
def test_usual_jars_are_not_walked_through(jar):
    """Before and after the first request, which leaves attributes in jar and policy."""
    assert retrieval.is_standard(jar)
    jar.set_cookie(create_cookie("a", "1", domain="a.example"))
    assert sent(jar) == "a=1"
    assert retrieval.is_standard(jar)


def test_a_jar_of_a_call_is_a_snapshot():
    """Redirects send the cookies that the session's jar had when the call began."""
    jar = RequestsCookieJar()
    jar["a"] = "1"
    request = PreparedRequest("GET", "http://a.example/", cookies=merge_cookies(jar, {"b": "2"}))
    next(iter(jar)).value = "changed"
    jar["c"] = "3"
    assert dict(request.cookies) == {"a": "1", "b": "2"}
    assert request.cookies is request.copy().cookies
    assert copy.copy(request.cookies).get("a") == "1"
