"""Which cookies are taken, and which are sent: the standard library's rules and RFC 6265's."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import cookiejar

_IP_ADDRESS = re.compile(r"\[.*\]\Z|[0-9.]+\Z")


class CookiePolicy(cookiejar.DefaultCookiePolicy, object):  # py2: its base is an old-style class
    """The standard library's policy, held to RFC 6265 where it is laxer.

    A cookie without a Domain goes to its host only, not to names below it. A Domain must be the
    host's own or above it, as names and not as text: no part of an IP address, not the
    ``.local`` that the standard library puts behind names without a dot, no ``co.uk``. And a
    cookie of nobody's (see `waterspout.cookies.bound`) goes to the origin it was given for.
    """

    def __init__(self, **options):
        # type: (**Any) -> None
        options.setdefault("strict_domain", True)
        cookiejar.DefaultCookiePolicy.__init__(self, **options)

    def set_ok_domain(self, cookie, request):
        if cookie.domain_specified and not is_above(cookie.domain, cookiejar.request_host(request)):
            return False
        return cookiejar.DefaultCookiePolicy.set_ok_domain(self, cookie, request)

    def return_ok_domain(self, cookie, request):
        if not cookie.domain:
            return getattr(cookie, "bound_to", None) in (None, request.origin)
        if not cookie.domain_specified and cookie.domain != effective_host(request):
            return False
        return cookiejar.DefaultCookiePolicy.return_ok_domain(self, cookie, request)


def is_above(domain, host):
    # type: (str, str) -> bool
    """Whether ``host`` domain-matches ``domain`` (RFC 6265 section 5.1.3), a leading dot aside."""
    domain = domain[1:] if domain.startswith(".") else domain
    return host == domain or bool(
        domain and host.endswith("." + domain) and not _IP_ADDRESS.match(host))


def effective_host(request):
    # type: (Any) -> str
    """The host as the standard library notes it: ``name.local`` for one without a dot."""
    return cookiejar.eff_request_host(request)[1]
