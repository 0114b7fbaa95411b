"""CookiePolicy: which cookies are stored and which are sent (RFC 6265)."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import cookiejar

_IP_ADDRESS = re.compile(r"\[.*\]\Z|[0-9.]+\Z")


class CookiePolicy(cookiejar.DefaultCookiePolicy, object):  # py2: its base is an old-style class
    """The standard library's policy, made as strict as RFC 6265.

    A cookie without a Domain is sent to its host only, not to subdomains. A Domain must be the host
    or a parent domain, compared label by label: not a part of an IP address, not the ``.local``
    that the standard library appends to names without a dot, not ``co.uk``. A cookie that a caller
    gave without a domain is sent only to the origin for which it was given.
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
    """Whether ``host`` domain-matches ``domain``, without its dot (RFC 6265 section 5.1.3)."""
    domain = domain[1:] if domain.startswith(".") else domain
    return host == domain or bool(
        domain and host.endswith("." + domain) and not _IP_ADDRESS.match(host))


def effective_host(request):
    # type: (Any) -> str
    """The host as the standard library stores it: ``name.local`` for a name without a dot."""
    return cookiejar.eff_request_host(request)[1]
