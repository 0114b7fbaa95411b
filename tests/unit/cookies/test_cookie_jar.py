"""The cookie jar has the dict interface of requests' RequestsCookieJar."""

from __future__ import absolute_import, division, print_function

import copy
import pickle
import time

import pytest

import waterspout
from waterspout._compat import Morsel, cookiejar
from waterspout.cookies.cookie_policy import CookiePolicy
from waterspout.cookies.jar import (
    CookieConflictError,
    RequestsCookieJar,
    cookiejar_from_dict,
    create_cookie,
    morsel_to_cookie,
    remove_cookie_by_name,
)


@pytest.fixture
def jar():
    jar = RequestsCookieJar()
    jar.set("a", "1", domain="one.example")
    jar.set("a", "2", domain="two.example", path="/deep")
    jar.set("b", "3", domain="one.example", path="/deep")
    return jar


def test_a_cookie_jar_is_a_mapping():
    """Of names to values: get, set, delete, iterate, count, compare."""
    jar = RequestsCookieJar()
    jar["a"] = "1"
    jar.update({"b": "2"})
    assert (jar["a"], jar.get("b"), jar.get("c"), jar.get("c", "none")) == ("1", "2", None, "none")
    assert "a" in jar and "c" not in jar
    assert sorted(jar.items()) == [("a", "1"), ("b", "2")]
    assert (sorted(jar.keys()), sorted(jar.values())) == (["a", "b"], ["1", "2"])
    assert dict(jar) == {"a": "1", "b": "2"} == jar
    assert len(jar) == 2
    del jar["a"]
    assert dict(jar) == {"b": "2"}
    with pytest.raises(KeyError):
        jar["a"]
    jar["b"] = None
    assert len(jar) == 0


def test_keys_values_and_items_are_lists_that_match():
    """Their order is one, and the iter... kinds are lazy."""
    jar = RequestsCookieJar()
    for name in "abcd":
        jar.set(name, name.upper(), path="/" + name)
    assert list(zip(jar.keys(), jar.values())) == jar.items()
    assert list(jar.iterkeys()) == jar.keys() and next(jar.iterkeys()) == jar.keys()[0]
    assert list(jar.itervalues()) == jar.values()
    assert list(jar.iteritems()) == jar.items()


def test_a_name_that_two_cookies_have_is_a_conflict(jar):
    """Unless domain and path tell which one is meant."""
    with pytest.raises(CookieConflictError):
        jar["a"]
    with pytest.raises(CookieConflictError):
        jar.get("a")
    assert "a" in jar
    assert jar.get("a", domain="one.example") == "1"
    assert jar.get("a", path="/deep") == "2"
    assert jar.get("a", domain="one.example", path="/deep") is None


def test_domains_and_paths_of_a_jar_are_listed(jar):
    """list_domains, list_paths, get_dict; and multiple_domains, which answers as requests' does."""
    assert sorted(jar.list_domains()) == ["one.example", "two.example"]
    assert sorted(jar.list_paths()) == ["/", "/deep"]
    assert jar.get_dict(domain="one.example") == {"a": "1", "b": "3"}
    assert jar.get_dict(path="/deep") == {"a": "2", "b": "3"}
    assert jar.get_dict("two.example", "/deep") == {"a": "2"}
    assert jar.multiple_domains()
    assert not RequestsCookieJar().multiple_domains()


def test_cookies_are_removed_by_name(jar):
    """Everywhere, or where it is told; setting to None removes as well."""
    jar.set("a", None, domain="one.example")
    assert jar["a"] == "2"
    remove_cookie_by_name(jar, "b", domain="two.example")
    assert jar["b"] == "3"
    remove_cookie_by_name(jar, "b")
    assert "b" not in jar


def test_a_copy_of_a_jar_has_cookies_of_its_own(jar):
    """copy(), update() and pickle give cookies of their own, with the policy where it can go."""
    for twin in (jar.copy(), pickle.loads(pickle.dumps(jar)), RequestsCookieJar()):
        twin.update(jar)
        assert sorted(twin.items()) == sorted(jar.items())
        twin.set("a", "changed", domain="one.example")
        assert jar.get("a", domain="one.example") == "1"
    policy = CookiePolicy(blocked_domains=["one.example"])
    jar.set_policy(policy)
    assert jar.copy().get_policy() is policy
    assert copy.copy(jar).get_policy() is policy


def test_an_unpickled_jar_knows_which_cookies_are_the_oldest():
    """It can take more, and knows which are the oldest."""
    jar = RequestsCookieJar()
    jar["a"] = "1"
    twin = pickle.loads(pickle.dumps(jar))
    twin["b"] = "2"
    ages = dict((cookie.name, cookie.age) for cookie in twin)
    assert ages["a"] < ages["b"]


def test_create_cookie():
    """Attributes follow from those that are given; one that there is not is a TypeError."""
    cookie = create_cookie("a", "1", domain=".example.com", path="/p", secure=True)
    assert (cookie.name, cookie.value, cookie.path, cookie.secure) == ("a", "1", "/p", True)
    assert cookie.domain_specified and cookie.domain_initial_dot and cookie.path_specified
    assert not create_cookie("a", "1").domain_specified
    with pytest.raises(TypeError):
        create_cookie("a", "1", colour="red")


def test_morsels():
    """What the standard library's SimpleCookie has; a bad age or date is an error."""
    morsel = Morsel()
    morsel.set("a", "1", "1")
    morsel["path"], morsel["secure"], morsel["max-age"] = "/p", True, "60"
    jar = RequestsCookieJar()
    jar["a"] = morsel
    cookie = next(iter(jar))
    assert (cookie.name, cookie.value, cookie.path, cookie.secure) == ("a", "1", "/p", True)
    assert 50 < cookie.expires - time.time() <= 60
    morsel["max-age"] = ""
    morsel["expires"] = "Thu, 01-Jan-1970 00:00:01 GMT"
    assert morsel_to_cookie(morsel).expires == 1
    morsel["expires"] = "tomorrow"
    with pytest.raises(ValueError):
        morsel_to_cookie(morsel)
    morsel["expires"] = 100
    with pytest.raises(TypeError):
        morsel_to_cookie(morsel)
    morsel["expires"] = None
    assert morsel_to_cookie(morsel).expires is None
    morsel["max-age"] = "soon"
    with pytest.raises(TypeError):
        morsel_to_cookie(morsel)


def test_cookiejar_from_dict():
    """Into a new jar, or one that is given, of any kind; what is there stays if it should."""
    given = cookiejar.CookieJar()
    assert cookiejar_from_dict({"a": "1"}, given) is given
    cookiejar_from_dict({"a": "2", "b": "2"}, given, overwrite=False)
    assert sorted((each.name, each.value) for each in given) == [("a", "1"), ("b", "2")]
    cookiejar_from_dict({"a": "3"}, given)
    assert sorted((each.name, each.value) for each in given) == [("a", "3"), ("b", "2")]
    assert len(cookiejar_from_dict(None)) == 0


def test_quotes_around_a_cookie_value_are_kept():
    """requests' rule for a quoted value."""
    jar = RequestsCookieJar()
    jar["a"] = '"x\\"y"'
    assert jar["a"] == '"xy"'


@pytest.mark.parametrize("name", ["a;b", "a=b", "a\r\nX: y", "a\nb", "a\x00", u"a\x7f", 1, None])
def test_a_cookie_name_with_a_separator_is_refused(name):
    """It would begin another cookie, or another header."""
    with pytest.raises(waterspout.InvalidHeader):
        RequestsCookieJar().set(name, "1")


@pytest.mark.parametrize(
    "value", ["1; admin=1", "1;", "1\r\nX: y", "1\rb", "1\nb", "1\x00", u"\x1f", 1, ["a"]]
)
def test_a_cookie_value_with_a_separator_is_refused(value):
    """Text of a user in a value must not become a second cookie; it is not quoted."""
    jar = RequestsCookieJar()
    with pytest.raises(waterspout.InvalidHeader) as caught:
        jar.set("a", value)
    assert "admin" not in str(caught.value)
    foreign = cookiejar.CookieJar()
    with pytest.raises(waterspout.InvalidHeader):
        cookiejar_from_dict({"a": value}, foreign)
    assert len(jar) == len(foreign) == 0
    cookie = create_cookie("a", "1")
    cookie.value = value
    foreign.set_cookie(cookie)
    with pytest.raises(waterspout.InvalidHeader):
        jar.update(foreign)


def test_a_repr_shows_no_cookie_value(jar):
    """Session cookies are credentials: neither repr nor str has them."""
    for text in (repr(jar), str(jar)):
        assert "one.example" in text and "/deep" in text
        assert "1" not in text and "3" not in text
