"""What a request's head says, where Tornado does not read it as the RFCs do."""

from __future__ import absolute_import, division, print_function

import re

from tornado.httputil import HTTPInputError

from waterspout.service._tornado_server.head_checks import is_host

_ABSOLUTE = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)


def keep_head(stream):
    # type: (IOStream) -> None
    """Have ``stream.head`` be the Future of the bytes of the head that was read last.

    HTTP1Connection parses them leniently, and what it makes of them does not show that. It calls
    ``read_until_regex`` for nothing else.
    """
    read_until_regex = stream.read_until_regex

    def read_head(regex, max_bytes=None):
        stream.head = read_until_regex(regex, max_bytes=max_bytes)
        return stream.head

    stream.read_until_regex = read_head


def origin_form(start_line, headers):
    # type: (RequestStartLine, HTTPHeaders) -> RequestStartLine
    """The start line, its target without scheme and authority: RFC 9112 section 3.2.2.

    The authority has to be what the Host field says, as clients must send it; letter case and
    the scheme's default port make no difference. The RFC would have the authority win. But then
    whatever decides by the Host field before us, such as a proxy, a cache or a check of where a
    page comes from, would have decided about another host than the one that is asked.

    HTTP/1.0 has requests without the field; ``headers["Host"]`` is then the authority.

    Raises: HTTPInputError: the authority is another one, has no host, or has user information.
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
    """Whether a field that is a list without case, as Connection is, holds this member."""
    value = headers.get(name)
    return value is not None and option in [each.strip().lower() for each in value.split(",")]


def settle_expectation(version, headers):
    # type: (str, HTTPHeaders) -> bool
    """Whether the client waits for ``100 Continue``: RFC 9110 section 10.1.1.

    The Expect field is left so that Tornado, which compares it with ``100-continue`` and asks
    for no version, sends one then and only then.
    """
    expects = has_option(headers, "Expect", "100-continue")
    if expects and version == "HTTP/1.0":
        del headers["Expect"]
        return False
    if expects:
        headers["Expect"] = "100-continue"
    return expects
