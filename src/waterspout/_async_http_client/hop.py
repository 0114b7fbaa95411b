"""Hop: one of the requests that a fetch sends, one for each redirect."""

from __future__ import absolute_import, division, print_function

from tornado.httputil import encode_username_password

from waterspout._async_http_client.callbacks import bound
from waterspout._async_http_client.tornado_url import escaped, joined, parse_tornado_url
from waterspout._compat import to_native, urlsplit, urlunsplit
from waterspout.field_names import OF_BODY

#: Headers that are not sent to another origin.
_CREDENTIALS = ("Authorization", "Cookie", "Proxy-Authorization")


class Hop(object):
    """One request: method, URL, headers, body and credentials.

    Attributes:
        url (native str), location (TornadoURL): of the request.
        method (native str), headers (HTTPHeaders, not to be changed).
        body (bytes or None), producer (callable or None): the ``body_producer``, `bound`.
        credentials (bytes or None): ``user:password`` for the origin.
        redirects_left (int).
    """

    __slots__ = ("url", "location", "method", "headers", "body", "producer", "credentials",
                 "redirects_left")

    def __init__(self, url, method, headers, body, producer, credentials, redirects_left):
        # type: (str, str, HTTPHeaders, Optional[bytes], Optional[Callable], Optional[bytes], int) -> None
        self.url = url
        self.location = location = parse_tornado_url(url)
        self.method = method
        self.headers = headers
        self.body = body
        self.producer = producer
        self.credentials = credentials if location.userinfo is None else location.userinfo
        self.redirects_left = redirects_left

    @classmethod
    def first(cls, options):
        # type: (Options) -> Hop
        """The hop for the caller's request. Raises: ValueError."""
        username = options.auth_username
        credentials = None
        if username is not None:
            credentials = encode_username_password(username, options.auth_password or "")
        producer = options.body_producer
        if producer is not None:
            producer = bound(producer)
        redirects = options.max_redirects or 0 if options.follow_redirects else 0
        return cls(options.url, options.method, options.headers, options.body,
                   producer, credentials, redirects)

    def redirected(self, head):
        # type: (ResponseHead) -> Hop
        """The hop after this one, by the rules of Tornado 6 on every Tornado.

        Credentials are not sent to another origin, as Tornado 5.1 does.
        Raises: ValueError: the Location cannot be followed.
        """
        status_code = head.status_code
        location = next(value for name, value in head.pairs() if name.lower() == b"location")
        url = joined(to_native(self.url), to_native(escaped(location)))
        headers = self.headers.copy()
        headers.pop("Host", None)
        credentials = self.credentials
        if parse_tornado_url(url).origin != self.location.origin:
            url = _without_userinfo(url)
            credentials = None
            for name in _CREDENTIALS:
                headers.pop(name, None)
        method, body, producer = self.method, self.body, self.producer
        if (status_code == 303 and method != "HEAD"
                or status_code in (301, 302) and method == "POST"):
            method, body, producer = "GET", None, None
            for name in OF_BODY:
                headers.pop(name, None)
        return Hop(url, method, headers, body, producer, credentials, self.redirects_left - 1)


def _without_userinfo(url):
    # type: (str) -> str
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
