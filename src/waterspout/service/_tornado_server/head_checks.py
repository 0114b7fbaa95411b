"""Refuses heads that allow request smuggling: RFC 9112 sections 3 and 6.

If a proxy and this server disagree where a request ends, its sender can hide another request in
it. Newer versions of Tornado refuse most of these heads; 5.1, the last for Python 2.7, accepts all
of them. (``chunk_checks.py`` checks the inside of chunked bodies.)
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from tornado import httputil  # noqa: F401

# RFC 9110 section 5.6.2. A name with a space before its colon is the classic smuggling attack.
_TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+\Z")

# RFC 9110 section 5.5: bytes that no field value may hold.
_FORBIDDEN = re.compile(r"[\0\r\n]")

# RFC 9110 section 4.2.3. A comma is refused although the RFC allows one in a name: some proxies
# join two Host fields with it.
_HOST = re.compile(r"(?:[-A-Za-z0-9._~!$&'()*+;=%]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?\Z")

_DIGITS = re.compile(r"[0-9]{1,18}\Z")

# Bytes that may occur in a line of a head: RFC 9112 section 2.2, RFC 9110 section 5.5.
_IN_LINE = bytes(bytearray([0x09] + list(range(0x20, 0x7F)) + list(range(0x80, 0x100))))

# A folded line (RFC 9112 section 5.2); a line that begins with a byte that Python strips as white
# space and HTTP does not; and the framing fields with such a byte, which Tornado would strip.
_BAD_LINE = re.compile(
    br"\n[ \t\x80-\xff]"
    br"|\n[Tt][Rr][Aa][Nn][Ss][Ff][Ee][Rr]-[^:\n]*:[^\n]*[\x80-\xff]"
    br"|\n[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Ll][^:\n]*:[^\n]*[\x80-\xff]"
)


def raw_head_complaint(head):
    # type: (bytes) -> Optional[str]
    """Return what is wrong with the bytes of a head, before they are parsed, or None."""
    others = head.translate(None, _IN_LINE)
    line_ends = head.count(b"\r\n")
    if others != b"\r\n" * line_ends:
        return "lines must end with CR LF, and hold no control characters"
    if _BAD_LINE.search(head):
        return "a header line is folded, or holds white space that HTTP does not allow"
    return None


def is_host(text):
    # type: (str) -> bool
    """Return whether this is valid in a Host field: a name or address, perhaps with a port."""
    return _HOST.match(text) is not None


def fields_complaint(version, headers):
    # type: (str, httputil.HTTPHeaders) -> Optional[str]
    """Return what is wrong with the header fields, as a sentence for the client, or None.

    Args:
        version (native str): ``"HTTP/1.1"``.
        headers (httputil.HTTPHeaders): parsed by Tornado.
    """
    for name, value in headers.get_all():
        if not _TOKEN.match(name):
            return "a header name holds a character that HTTP does not allow there"
        if _FORBIDDEN.search(value):
            return "a header value holds a control character"
    hosts = headers.get_list("Host")
    if len(hosts) > 1 or not hosts and version != "HTTP/1.0":
        return "there must be one Host header"
    if hosts and not is_host(hosts[0]):
        return "the Host header is not a host and port"
    codings = headers.get_list("Transfer-Encoding")
    lengths = headers.get_list("Content-Length")
    if codings:
        if lengths:
            return "Transfer-Encoding and Content-Length exclude each other"
        if version == "HTTP/1.0" or [coding.lower() for coding in codings] != ["chunked"]:
            return "the only Transfer-Encoding served is chunked, in HTTP/1.1"
    if len(lengths) > 1 or lengths and not _DIGITS.match(lengths[0]):
        return "the Content-Length is not one number"
    return None
