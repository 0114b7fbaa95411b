"""The events that a connection returns for received bytes.

A server gets one :class:`RequestHead` for each request, and its body in pieces. To a client, one
response is: any number of :class:`InformationalHead`, one :class:`ResponseHead`, any number of
non-empty ``bytes`` (its body in pieces, transfer coding removed), and one :class:`EndOfMessage`.
:class:`ProtocolSwitched` stands in place of body and end where the peer now speaks another
protocol.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire.faults import excerpt
from waterspout._wire.field_lines import parse_pairs

if TYPE_CHECKING:
    from typing import List, Optional, Tuple, Union  # noqa: F401


class Event(object):
    """Base class of the events, which are compared by value.

    No ``repr`` shows field values, since cookies and tokens are among them.
    """

    __slots__ = ()
    _compared = ()  # type: Tuple[str, ...]

    def __eq__(self, other):
        # type: (object) -> bool
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._compared)

    def __ne__(self, other):  # py2: does not follow from __eq__
        # type: (object) -> bool
        return not self == other

    __hash__ = None  # type: ignore[assignment]


class ResponseHead(Event):
    """The status line and header section of a final response.

    Attributes:
        http_version (bytes): ``b"1.1"`` or another version that begins with ``b"1."``.
        status_code (int): 101, or 200 to 999.
        reason (bytes): the reason phrase, often empty.
        raw (bytes): the field lines as received, each with its CRLF; folded ones (obs-fold,
            RFC 9112 section 5.2) are unfolded, and a bare LF has become CRLF.
        content_length (int or None): the value of Content-Length. It is the body's length in
            bytes only if there is a body: for HEAD and 304 it is what a GET would get.
        chunked (bool or None): the body is sent in the chunked transfer coding. None if the
            framing fields are malformed or contradict each other in a response without a body:
            1xx, 204 and 304 (RFC 9112 section 6.3).
        keep_alive (bool): the version and the Connection options allow another exchange on the
            connection (RFC 9112 section 9.3), which has further conditions. False for HTTP/1.0
            with Transfer-Encoding (section 6.1).
        content_encoding (bytes or None): the Content-Encoding, lower-cased, several joined by
            commas.
        sets_cookies (bool): there is a Set-Cookie field.
    """

    __slots__ = ("http_version", "status_code", "reason", "raw", "content_length", "chunked",
                 "keep_alive", "content_encoding", "sets_cookies")
    _compared = __slots__

    def __init__(self, http_version, status_code, reason, raw, content_length, chunked,
                 keep_alive, content_encoding, sets_cookies):
        # type: (bytes, int, bytes, bytes, Optional[int], Optional[bool], bool, Optional[bytes], bool) -> None
        self.http_version = http_version
        self.status_code = status_code
        self.reason = reason
        self.raw = raw
        self.content_length = content_length
        self.chunked = chunked
        self.keep_alive = keep_alive
        self.content_encoding = content_encoding
        self.sets_cookies = sets_cookies

    def pairs(self):
        # type: () -> List[Tuple[bytes, bytes]]
        """The fields in order: names as sent, values stripped. Parsed at each call."""
        return parse_pairs(self.raw)

    def __repr__(self):
        # type: () -> str
        return "<%s %d, %d fields>" % (
            type(self).__name__, self.status_code, self.raw.count(b"\n"))


class InformationalHead(ResponseHead):
    """The head of an informational (1xx) response other than 101; a final one follows."""

    __slots__ = ()


class RequestHead(Event):
    """The request line and header section of a request.

    Attributes:
        method (bytes): a token; case matters.
        target (bytes): as received; a client may send any byte but SP and control characters.
        http_version (bytes): ``b"1.1"``, also for a later minor version, or ``b"1.0"``.
        raw (bytes): the field lines as received, each with its CRLF.
        lower (bytes): an LF and these lines in lower case, for a search for ``b"\\nname:"``.
        content_length (int or None): the value of Content-Length.
        chunked (bool): the body is sent in the chunked transfer coding.
        has_body (bool): at least one byte of a body, or of its framing, follows the head.
        keep_alive (bool): the version and the Connection options allow another request on the
            connection (RFC 9112 section 9.3).
        host (bytes or None): the Host, stripped and lower-cased; it may be empty.
        expect (bytes or None): the Expect, stripped and lower-cased. None for HTTP/1.0, whose
            expectations a server must ignore (RFC 9110 section 10.1.1).
        upgrade (bool): the client asks for another protocol: there are an Upgrade field and the
            Connection option for it (RFC 9110 section 7.8). False for HTTP/1.0.
    """

    __slots__ = ("method", "target", "http_version", "raw", "lower", "content_length", "chunked",
                 "has_body", "keep_alive", "host", "expect", "upgrade")
    _compared = __slots__

    def __init__(self, method, target, http_version, raw, lower, content_length, chunked,
                 keep_alive, host, expect, upgrade):
        # type: (bytes, bytes, bytes, bytes, bytes, Optional[int], bool, bool, Optional[bytes], Optional[bytes], bool) -> None
        self.method = method
        self.target = target
        self.http_version = http_version
        self.raw = raw
        self.lower = lower
        self.content_length = content_length
        self.chunked = chunked
        self.has_body = chunked or bool(content_length)
        self.keep_alive = keep_alive
        self.host = host
        self.expect = expect
        self.upgrade = upgrade

    def pairs(self):
        # type: () -> List[Tuple[bytes, bytes]]
        """The fields in order: names as sent, values stripped. Parsed at each call."""
        return parse_pairs(self.raw)

    def __repr__(self):
        # type: () -> str
        return "<RequestHead %s, %d fields>" % (excerpt(self.method), self.raw.count(b"\n"))


class EndOfMessage(Event):
    """The response is complete.

    Attributes:
        raw (bytes): the field lines of the trailer section, usually empty. They must not be merged
            into the header section (RFC 9110 section 6.5.1).
    """

    __slots__ = ("raw",)
    _compared = __slots__

    def __init__(self, raw=b""):
        # type: (bytes) -> None
        self.raw = raw

    def trailers(self):
        # type: () -> List[Tuple[bytes, bytes]]
        """The trailer fields in order. Parsed at each call."""
        return parse_pairs(self.raw)

    def __repr__(self):
        # type: () -> str
        return "<EndOfMessage, %d trailers>" % self.raw.count(b"\n")


#: The end of every message without trailers.
END_OF_MESSAGE = EndOfMessage()


class ProtocolSwitched(Event):
    """The peer speaks another protocol from here on: after 101, or a 2xx response to CONNECT.

    Attributes:
        leftover (bytes): the bytes after the head, which belong to that protocol.
    """

    __slots__ = ("leftover",)
    _compared = __slots__

    def __init__(self, leftover):
        # type: (bytes) -> None
        self.leftover = leftover

    def __repr__(self):
        # type: () -> str
        return "<ProtocolSwitched, %d bytes left over>" % len(self.leftover)


if TYPE_CHECKING:
    AnyEvent = Union[bytes, Event]
