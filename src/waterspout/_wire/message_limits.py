"""MessageLimits: the largest messages that are accepted from a peer."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, integer_types

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401


class MessageLimits(object):
    """Limits on the memory and work that a peer can cause. Immutable.

    Each is an int of at least 1, in bytes if its name says so. A response that exceeds one of them
    is refused with :exc:`ResponseTooLarge`, a request with :exc:`RequestRefused`.

    Args: named like the constants below, which are their defaults.
    Raises: TypeError: a value is not an int; ValueError: it is below 1.
    """

    #: Bytes of the request line or status line. RFC 9112 section 3 asks for 8,000 in request
    #: lines, and Apache allows 8,190; a reason phrase needs less.
    START_LINE_BYTES = 8 * 1024

    #: Bytes of start line and field lines together: Tornado's default. Node allows 16 KiB
    #: and Go 1 MiB; cookies and security policies make honest heads of 20 KiB.
    HEAD_BYTES = 64 * 1024

    #: Field lines in a head or in a trailer section: as in Python's own ``http.client`` and
    #: therefore in requests, and as Apache's default.
    FIELD_COUNT = 100

    #: Informational responses before the final one: Tornado's limit. Go allowed 5.
    INFORMATIONAL_RESPONSES = 10

    #: Bytes of a chunk-size line with its extensions. Go reads 4,096 and Tornado 64;
    #: extensions in the wild are signatures of about 100.
    CHUNK_LINE_BYTES = 1024

    #: Bytes of the trailer section, which has checksums and timings.
    TRAILER_BYTES = 8 * 1024

    #: Bytes of the body, without transfer coding but with content coding. None, so that the reader
    #: of the body decides: a download may be endless.
    BODY_BYTES = None

    __slots__ = ("start_line_bytes", "head_bytes", "field_count", "informational_responses",
                 "chunk_line_bytes", "trailer_bytes", "body_bytes")

    if TYPE_CHECKING:
        start_line_bytes = head_bytes = field_count = informational_responses = 1
        chunk_line_bytes = trailer_bytes = 1
        body_bytes = None  # type: Optional[int]

    def __init__(self, start_line_bytes=START_LINE_BYTES, head_bytes=HEAD_BYTES,
                 field_count=FIELD_COUNT, informational_responses=INFORMATIONAL_RESPONSES,
                 chunk_line_bytes=CHUNK_LINE_BYTES, trailer_bytes=TRAILER_BYTES,
                 body_bytes=BODY_BYTES):
        # type: (int, int, int, int, int, int, Optional[int]) -> None
        self._set("start_line_bytes", start_line_bytes)
        self._set("head_bytes", head_bytes)
        self._set("field_count", field_count)
        self._set("informational_responses", informational_responses)
        self._set("chunk_line_bytes", chunk_line_bytes)
        self._set("trailer_bytes", trailer_bytes)
        self._set("body_bytes", body_bytes, none_is_allowed=True)

    def _set(self, name, value, none_is_allowed=False):
        # type: (str, Optional[int], bool) -> None
        if not (value is None and none_is_allowed):
            if not isinstance(value, integer_types) or isinstance(value, bool):
                raise TypeError("%s must be an int, not %r" % (name, value))
            if value < 1:
                raise ValueError("%s must be at least 1, not %d" % (name, value))
        object.__setattr__(self, name, value)

    def __setattr__(self, name, value):
        # type: (str, Any) -> None
        raise AttributeError("MessageLimits cannot be changed; make another")

    def __delattr__(self, name):
        # type: (str) -> None
        raise AttributeError("MessageLimits cannot be changed; make another")

    def _values(self):
        # type: () -> Tuple[Optional[int], ...]
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other):
        # type: (object) -> bool
        if not isinstance(other, MessageLimits):
            return NotImplemented
        return self._values() == other._values()

    def __ne__(self, other):  # py2: does not follow from __eq__
        # type: (object) -> bool
        return not self == other

    def __hash__(self):
        # type: () -> int
        return hash(self._values())

    def __repr__(self):
        # type: () -> str
        return "MessageLimits(%s)" % ", ".join(
            "%s=%r" % pair for pair in zip(self.__slots__, self._values()))


#: The limits of a connection by default.
DEFAULT_LIMITS = MessageLimits()
