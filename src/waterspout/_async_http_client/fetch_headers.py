"""FetchHeaders: makes header lines from the options of a Tornado request."""

from __future__ import absolute_import, division, print_function

import re
from base64 import b64encode

from tornado.escape import native_str

from waterspout._compat import TORNADO_USER_AGENT, to_bytes, to_native
from waterspout._wire.field_lines import FieldLines
from waterspout.field_names import FRAMING

#: "deflate" in an Accept-Encoding, unless its weight is 0 (RFC 9110 section 12.4.2).
_NAMES_DEFLATE = re.compile(
    r"(?:^|,)[ \t]*deflate[ \t]*(?:$|,|;(?![ \t]*q=0(?:\.0*)?[ \t]*(?:,|$)))", re.IGNORECASE)

#: Sets of encoded header lines kept; programs send few different ones.
_CACHED = 512


class FetchHeaders(object):
    """Encodes header lines, and keeps them for requests with the same fields."""

    def __init__(self):
        # type: () -> None
        self._kept = {}  # type: Dict[Tuple, FieldLines]

    def encoded(self, hop, request, origin, expects_continue):
        # type: (Hop, HTTPRequest, Origin, bool) -> FieldLines
        """Raises: ValueError."""
        proxy = origin.proxy
        key = (
            hop.location.netloc,
            tuple(hop.headers.get_all()),
            request.user_agent,
            request.decompress_response,
            hop.credentials,
            hop.method == "POST",
            expects_continue,
            proxy is not None,
            # For a tunnel, it was sent to the proxy when the tunnel was made.
            None if proxy is None or origin.tunnelled else proxy.authorization,
        )
        lines = self._kept.get(key)
        if lines is None:
            lines = FieldLines(_pairs(*key))
            if len(self._kept) >= _CACHED:
                self._kept.clear()
            self._kept[key] = lines
        return lines


def offered(given):
    # type: (Iterable[Tuple[str, str]]) -> Tuple[bytes, ...]
    """The content codings that ``decompress_response`` offers to the server and decodes.

    gzip, as in Tornado's simple client. Tornado's curl client decodes deflate too; here only for
    requests whose ``given`` header fields have it in Accept-Encoding.
    """
    for name, value in given:
        if name.lower() == "accept-encoding" and _NAMES_DEFLATE.search(native_str(value)):
            return b"gzip", b"deflate"
    return (b"gzip",)


def _pairs(netloc, given, agent, decompress, credentials, is_post, expects, proxied,
           proxy_authorization):
    # type: (...) -> List[Tuple[bytes, bytes]]
    """The fields that follow from the request's options, and the given fields with other names."""
    names = set(name.lower() for name, _ in given)
    ours = []
    if "host" not in names:
        ours.append((b"Host", to_bytes(netloc)))
    if agent or "user-agent" not in names:
        ours.append((b"User-Agent", latin1(agent or TORNADO_USER_AGENT)))
    if decompress:
        ours.append((b"Accept-Encoding", b", ".join(offered(given))))
    if credentials is not None:
        ours.append((b"Authorization", basic(credentials)))
    if is_post and "content-type" not in names:
        ours.append((b"Content-Type", b"application/x-www-form-urlencoded"))
    if expects:
        ours.append((b"Expect", b"100-continue"))
    if proxy_authorization is not None:
        ours.append((b"Proxy-Authorization", proxy_authorization))
    dropped = FRAMING.union(to_native(name).lower() for name, _ in ours)
    if proxied:
        dropped |= {"proxy-authorization"}  # Not for the origin.
    return ours + [
        (latin1(name), latin1(value)) for name, value in given if name.lower() not in dropped
    ]


def basic(credentials):
    # type: (bytes) -> bytes
    """The value of Authorization for ``user:password`` (RFC 7617)."""
    return b"Basic " + b64encode(credentials)


def latin1(value):
    # type: (Union[str, bytes]) -> bytes
    """Encode as Tornado does: given bytes are UTF-8, text is sent as Latin-1."""
    return to_bytes(native_str(value), "latin-1")
