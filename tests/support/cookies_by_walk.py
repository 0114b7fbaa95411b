"""The Cookie header as the standard library's jar decides it, cookie by cookie: the reference."""

from __future__ import absolute_import, division, print_function

import copy

from waterspout.cookies.jar import RequestsCookieJar, as_jar


def header_by_walk(session_jar, cookies, request):
    """``(header, jar)`` for a call with ``cookies``, in a session with ``session_jar``.

    ``request`` has no cookies yet; ``jar`` is the one that was asked.
    """
    jar = _bound(as_jar(_merged(session_jar, cookies)), request.parsed_url.origin)
    asked = AskedRequest(request)
    jar.add_cookie_header(asked)
    return asked.header, jar


def _merged(jar, cookies):
    if not cookies:
        return jar
    both = RequestsCookieJar()
    if jar is not None:
        both.update(jar)
    both.update(as_jar(cookies))
    return both


def _bound(jar, origin):
    if all(cookie.domain or hasattr(cookie, "bound_to") for cookie in jar):
        return jar
    twin = RequestsCookieJar()
    for cookie in jar:
        twin.set_cookie(copy.copy(cookie))
    for cookie in twin:
        if not cookie.domain and not hasattr(cookie, "bound_to"):
            cookie.bound_to = origin
    return twin


class AskedRequest(object):
    """A request as the standard library asks about it, with everything made beforehand."""

    def __init__(self, request):
        url = request.parsed_url
        self.header = None
        self.type = url.scheme
        self.origin = url.origin
        self.unverifiable = True
        self.origin_req_host = request.headers.get("Host") or url.authority
        self.host = "host:%d" % url.port
        self.url = "%s://%s%s" % (url.scheme, self.origin_req_host, url.target)

    def get_full_url(self):
        return self.url

    def get_type(self):
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
        return False

    def add_unredirected_header(self, name, value):
        if name == "Cookie":
            self.header = value
