"""Whether a jar or a policy has the standard library's methods, or replaces some that count here.

Subclasses and instances may replace methods at any time, so that nothing is remembered. The
question is about methods, not classes: most subclasses replace others, such as those that store.
"""

from __future__ import absolute_import, division, print_function

from inspect import getmro

from waterspout._compat import TYPE_CHECKING, cookiejar
from waterspout.cookies.cookie_policy import CookiePolicy
from waterspout.cookies.jar import RequestsCookieJar

if TYPE_CHECKING:
    from typing import Any, FrozenSet  # noqa: F401

_JARS = frozenset([
    RequestsCookieJar, cookiejar.CookieJar, cookiejar.FileCookieJar, cookiejar.LWPCookieJar,
    cookiejar.MozillaCookieJar,
])
_POLICIES = frozenset([CookiePolicy, cookiejar.DefaultCookiePolicy])

#: By these a jar makes the Cookie header, removes expired cookies and shows the others.
_OF_JARS = frozenset([
    "add_cookie_header", "_cookies_for_request", "_cookies_for_domain", "_cookie_attrs",
    "clear_expired_cookies", "__iter__", "__getattribute__",
])

#: By these a policy decides which cookies are sent.
_OF_POLICIES = frozenset([
    "domain_return_ok", "path_return_ok", "return_ok", "return_ok_version",
    "return_ok_verifiability", "return_ok_secure", "return_ok_expires", "return_ok_port",
    "return_ok_domain", "blocked_domains", "is_blocked", "allowed_domains", "is_not_allowed",
    "__getattribute__",
])

_ITERATION = frozenset(["__iter__"])


def has_standard_methods(jar):
    # type: (Any) -> bool
    """Whether the jar sends, shows and expires what its ``_cookies`` hold, as a CookieJar does."""
    cls = jar.__class__
    return ((cls in _JARS or _inherits(cls, cookiejar.CookieJar, _JARS, _OF_JARS))
            and _OF_JARS.isdisjoint(jar.__dict__))


def is_standard_policy(policy):
    # type: (Any) -> bool
    """Whether the policy decides as a DefaultCookiePolicy does, or as our `CookiePolicy`."""
    cls = policy.__class__
    return ((cls in _POLICIES
             or _inherits(cls, cookiejar.DefaultCookiePolicy, _POLICIES, _OF_POLICIES))
            and _OF_POLICIES.isdisjoint(policy.__dict__))


def _inherits(cls, standard, known, methods):
    # type: (Any, Any, FrozenSet[Any], FrozenSet[str]) -> bool
    """Whether ``cls`` has the methods of ``standard``, or of ``known`` classes derived from it."""
    for base in getmro(cls):
        if base is standard:
            return True
        if base not in known and not methods.isdisjoint(base.__dict__):
            # requests has an __iter__ that only calls CookieJar's, for type checkers.
            if (base.__module__ != "requests.cookies"
                    or methods.intersection(base.__dict__) != _ITERATION):
                return False
    return False
