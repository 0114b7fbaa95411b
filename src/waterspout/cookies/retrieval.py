"""Which cookies a request gets: the standard library's rules, in one loop (RFC 6265 section 5.4).

``CookieJar.add_cookie_header`` calls several methods of the policy for each cookie, and most of
them parse the request's URL again. Here it is parsed once. The rules are those of
``DefaultCookiePolicy`` and of our `CookiePolicy`. Where Python versions differ, and for rare
attributes of cookies, the policy's own methods are called.
"""

from __future__ import absolute_import, division, print_function

import time

from waterspout._compat import TYPE_CHECKING, cookiejar
from waterspout.cookies.cookie_policy import CookiePolicy
from waterspout.cookies.jar_request import JarRequest
from waterspout.cookies.standard_methods import has_standard_methods, is_standard_policy

if TYPE_CHECKING:
    from http.cookiejar import Cookie, CookieJar  # noqa: F401
    from typing import Any, Dict, List, Optional, Tuple  # noqa: F401

    from waterspout.cookies.protocols import RequestWithCookies  # noqa: F401

_Cookie = cookiejar.Cookie
_STRICT_NON_DOMAIN = cookiejar.DefaultCookiePolicy.DomainStrictNonDomain

# What is known of a domain: none of its cookies is sent; those of version 0 match the host; the
# policy has to be asked about each.
_NO, _FITS, _ASK = range(3)


def is_standard(jar):
    # type: (Any) -> bool
    """Whether the jar and its policy decide by the standard library's methods or ours.

    Cookies of RFC 2965, which a policy has to switch on, are left to the standard library as well:
    their header has another form.
    """
    if not has_standard_methods(jar):
        return False
    policy = jar._policy
    return is_standard_policy(policy) and not policy.rfc2965


def retrieve(domains, policy, request):
    # type: (Dict[str, Dict[str, Dict[str, Cookie]]], Any, RequestWithCookies) -> Tuple[List[Cookie], bool]
    """The cookies to send, in the order of ``domains``, and whether any of them all is expired."""
    now = time.time()
    policy._now = int(now)
    rules = _Rules(policy, request)
    chosen = []
    expired = False
    for domain, paths in domains.items():
        known = rules.domain(domain)
        for path, names in paths.items():
            in_path = known != _NO and (path == "/" or rules.path(path))
            for cookie in names.values():
                if cookie.expires is not None or cookie.__class__ is not _Cookie:
                    expired = cookie.is_expired(now) or expired
                if in_path and rules.cookie(cookie, domain, known):
                    chosen.append(cookie)
    return chosen, expired


def cookie_text(cookies):
    # type: (List[Cookie]) -> Optional[str]
    """The Cookie header, with longer paths first; None for no cookies."""
    if not cookies:
        return None
    if len(cookies) > 1:
        cookies.sort(key=_path_length, reverse=True)
    return "; ".join([cookie.name if cookie.value is None
                      else "%s=%s" % (cookie.name, cookie.value) for cookie in cookies])


class _Rules(object):
    """The rules of a policy for one request."""

    __slots__ = ("_policy", "_request", "_host", "_effective_host", "_path", "_origin", "_ours",
                 "_strict", "_simple", "_filters")

    def __init__(self, policy, request):
        # type: (Any, RequestWithCookies) -> None
        self._policy = policy
        self._request = JarRequest(request)
        url = request.parsed_url
        if url.host[0] == "[" or "Host" in request.headers:
            self._host, self._effective_host = cookiejar.eff_request_host(self._request)
            self._path = cookiejar.request_path(self._request)
        else:
            self._host = host = url.host
            self._effective_host = host if "." in host else host + ".local"
            self._path = url.path
        self._origin = url.origin
        self._ours = ours = policy.__class__ is CookiePolicy or isinstance(policy, CookiePolicy)
        self._strict = ours or policy.strict_ns_domain & _STRICT_NON_DOMAIN
        self._simple = policy.netscape and not policy.strict_ns_unverifiable
        self._filters = policy.blocked_domains() or policy.allowed_domains() is not None

    def domain(self, domain):
        # type: (str) -> int
        """The policy's ``domain_return_ok``, and what is known about the domain's cookies."""
        if domain:
            bare = domain[1:] if domain[:1] == "." else domain
            host = self._effective_host
            if host != bare and not host.endswith("." + bare):
                if not host.endswith(bare) and not self._host.endswith(bare):
                    return _NO
                return self._asked_about(domain)
            if bare[:1] == ".":
                return self._asked_about(domain)
        if self._filters and (self._policy.is_blocked(domain)
                              or self._policy.is_not_allowed(domain)):
            return _NO
        return _FITS if self._simple else _ASK

    def path(self, path):
        # type: (str) -> bool
        """The policy's ``path_return_ok``, for any path but "/", which is above each path."""
        sent = self._path
        if not sent.startswith(path):
            return False
        return (path[-1:] == "/" or sent[len(path):len(path) + 1] in ("", "/")
                or self._policy.path_return_ok(path, self._request))

    def cookie(self, cookie, domain, known):
        # type: (Any, str, int) -> bool
        """The policy's ``return_ok``."""
        policy = self._policy
        if (known != _FITS or cookie.version != 0 or cookie.domain != domain
                or cookie.__class__ is not _Cookie):
            return policy.return_ok(cookie, self._request)
        if self._ours and not domain:
            if getattr(cookie, "bound_to", None) not in (None, self._origin):
                return False
        elif self._strict and not cookie.domain_specified and domain != self._effective_host:
            return False
        return ((not cookie.secure or policy.return_ok_secure(cookie, self._request))
                and (cookie.expires is None or policy.return_ok_expires(cookie, self._request))
                and (not cookie.port or policy.return_ok_port(cookie, self._request)))

    def _asked_about(self, domain):
        return _ASK if self._policy.domain_return_ok(domain, self._request) else _NO


def _path_length(cookie):
    return len(cookie.path)
