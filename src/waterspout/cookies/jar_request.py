"""JarRequest: a request as the standard library's jar and policies ask about it."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401

    from waterspout.cookies.protocols import RequestWithCookies  # noqa: F401


class JarRequest(object):
    """A request with the methods that the standard library's jar calls, on 2.7 and 3.

    As in requests, a given Host header replaces the URL's host.

    Attributes:
        header (str or None): the Cookie header that the jar has added.
    """

    unverifiable = True

    def __init__(self, request):
        # type: (RequestWithCookies) -> None
        self.header = None  # type: Optional[str]
        self._request = request

    @property
    def type(self):
        return self._request.parsed_url.scheme

    @property
    def origin(self):
        return self._request.parsed_url.origin

    @property
    def origin_req_host(self):
        return self._request.headers.get("Host") or self._request.parsed_url.authority

    @property
    def host(self):
        return "host:%d" % self._request.parsed_url.port  # Only the port is used.

    def get_full_url(self):
        return "%s://%s%s" % (self.type, self.origin_req_host, self._request.parsed_url.target)

    def get_type(self):  # py2: these are methods
        return self.type

    def get_host(self):
        return self.host

    def get_origin_req_host(self):
        return self.origin_req_host

    def is_unverifiable(self):
        return self.unverifiable

    def get_header(self, name, default=None):
        return default

    def has_header(self, name):
        return False  # A request with a Cookie header is never asked.

    def add_unredirected_header(self, name, value):
        if name == "Cookie":  # Not Cookie2.
            self.header = value
