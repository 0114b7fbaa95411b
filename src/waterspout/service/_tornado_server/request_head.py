"""Parts of a request's head that Tornado does not interpret as the RFCs do."""

from __future__ import absolute_import, division, print_function

import re

from tornado.httputil import HTTPInputError

from waterspout._compat import TYPE_CHECKING
from waterspout.service._tornado_server.head_checks import is_host

if TYPE_CHECKING:
    from tornado.httputil import HTTPHeaders, RequestStartLine  # noqa: F401
    from tornado.iostream import IOStream  # noqa: F401

_ABSOLUTE = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)


def keep_head(stream):
    # type: (IOStream) -> None
    """Make ``stream.head`` the Future of the bytes of the head that was read last.

    HTTP1Connection parses them leniently, and the parsed head does not show what was accepted. It
    calls ``read_until_regex`` only for heads.
    """
    read_until_regex = stream.read_until_regex

    def read_head(regex, max_bytes=None):
        stream.head = read_until_regex(regex, max_bytes=max_bytes)
        return stream.head

    stream.read_until_regex = read_head


def origin_form(start_line, headers):
    # type: (RequestStartLine, HTTPHeaders) -> RequestStartLine
    """Return the start line with scheme and authority removed from its target.

    A target in absolute form (RFC 9112 section 3.2.2) must have the authority that the Host field
    has, as the RFC requires of clients; letter case and the scheme's default port do not matter.
    The RFC says that the authority wins if they differ. It is refused here, because a proxy, a
    cache or the check of a page's origin would have decided by the Host field.

    An HTTP/1.0 request may have no Host field; ``headers["Host"]`` is set to the authority then.

    Raises: HTTPInputError: the authority differs, has no host, or has user information.
    """
    match = _ABSOLUTE.match(start_line.path)
    if match is None:
        return start_line
    scheme, authority = match.groups()
    if not authority or authority.startswith(":") or not is_host(authority):
        raise HTTPInputError("the request's target is not an http URL")
    host = headers.setdefault("Host", authority)
    if _without_default_port(scheme, host) != _without_default_port(scheme, authority):
        raise HTTPInputError("the request's target and its Host header name different hosts")
    rest = start_line.path[match.end():]
    return start_line._replace(path=rest if rest.startswith("/") else "/" + rest)


def _without_default_port(scheme, host):
    port = ":443" if scheme.lower() == "https" else ":80"
    return re.sub("(%s|:)\\Z" % port, "", host.lower())


def has_option(headers, name, option):
    # type: (HTTPHeaders, str, str) -> bool
    """Return whether a list field without case, such as Connection, has this member."""
    value = headers.get(name)
    return value is not None and option in [each.strip().lower() for each in value.split(",")]


def settle_expectation(version, headers):
    # type: (str, HTTPHeaders) -> bool
    """Return whether the client waits for ``100 Continue``: RFC 9110 section 10.1.1.

    The Expect field is changed so that Tornado, which ignores the version and compares the value
    with ``100-continue`` exactly, sends the interim response only in that case.
    """
    expects = has_option(headers, "Expect", "100-continue")
    if expects and version == "HTTP/1.0":
        del headers["Expect"]
        return False
    if expects:
        headers["Expect"] = "100-continue"
    return expects
