"""RequestWriter: the bytes of one connection's requests."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.body_writers import ChunkedWriter, LengthWriter
from waterspout._wire.faults import excerpt, unsendable
from waterspout.exceptions import InvalidHeader, LocalProtocolError

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout._wire.body_writers import BodyWriter  # noqa: F401
    from waterspout._wire.field_lines import FieldLines  # noqa: F401

#: Methods whose request MUST NOT have content (RFC 9110 section 9.3.8), or after whose head
#: bytes are not content (section 9.3.6).
_WITHOUT_CONTENT = frozenset([b"TRACE", b"CONNECT"])

_NO_CONTENT = b"\r\n"
_CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"

_match_line = grammar.REQUEST_LINE.match


class RequestWriter(object):
    """Writes one request after the other.

    Attributes:
        close (bool): the last request had the Connection option "close".
    """

    __slots__ = ("close", "_body")

    def __init__(self):
        # type: () -> None
        self.close = False
        self._body = None  # type: Optional[BodyWriter]  # While a body is being written.

    def send_request(self, method, target, fields, body, host):
        # type: (bytes, bytes, FieldLines, Optional[bytes], Optional[FieldLines]) -> bytes
        if body is None:
            data = _encode_head(method, target, fields, host, _NO_CONTENT)
        else:
            _refuse_content(method)
            if not isinstance(body, bytes):
                raise TypeError("the body must be bytes")
            framing = b"Content-Length: %d\r\n\r\n" % len(body)
            data = _encode_head(method, target, fields, host, framing) + body
        self.close = fields.close
        return data

    def start_request(self, method, target, fields, content_length, host):
        # type: (bytes, bytes, FieldLines, Optional[int], Optional[FieldLines]) -> bytes
        _refuse_content(method)
        if content_length is None:
            data = _encode_head(method, target, fields, host, _CHUNKED)
            self._body = ChunkedWriter()
        else:
            if content_length < 0:
                raise unsendable(LocalProtocolError, "a Content-Length of %d", content_length)
            framing = b"Content-Length: %d\r\n\r\n" % content_length
            data = _encode_head(method, target, fields, host, framing)
            self._body = LengthWriter(content_length)
        self.close = fields.close
        return data

    def send_data(self, data):
        # type: (bytes) -> bytes
        return self._open_body().write(data)

    def end_request(self, trailers):
        # type: (Optional[FieldLines]) -> bytes
        data = self._open_body().end(trailers)
        self._body = None
        return data

    def why_not_again(self):
        # type: () -> Optional[str]
        """Why no other request can be written after what was written so far; None if one can."""
        if self._body is not None:
            return "the request was not sent completely"
        if self.close:
            return "the request asked to close the connection"
        return None

    def _open_body(self):
        # type: () -> BodyWriter
        if self._body is None:
            raise LocalProtocolError("no request body is being sent", phase="send")
        return self._body


def _encode_head(method, target, fields, host, framing):
    # type: (bytes, bytes, FieldLines, Optional[FieldLines], bytes) -> bytes
    """Request line, field lines and ``framing``, which ends with the empty line."""
    line = method + b" " + target
    if _match_line(line) is None or method == b"CONNECT":
        _check_odd_line(method, target)
    if fields.has_host:
        head = b"%s HTTP/1.1\r\n%s%s" % (line, fields.raw, framing)
    elif host is not None and host.has_host:
        head = b"%s HTTP/1.1\r\n%s%s%s" % (line, host.raw, fields.raw, framing)
    else:  # RFC 9112 section 3.2: MUST be there, even if it is empty.
        raise unsendable(LocalProtocolError, "no Host field")
    if type(head) is not bytes:  # py2: text among bytes makes text.
        raise TypeError("method, target and fields must be bytes")
    return head


def _check_odd_line(method, target):
    # type: (bytes, bytes) -> None
    """Raise unless the target has a form that only this method allows.

    The errors do not quote the target, which may contain secrets.
    """
    if grammar.TOKEN.match(method) is None:
        raise unsendable(InvalidHeader, "%s is not a method", excerpt(method))
    if method == b"CONNECT" and grammar.AUTHORITY.match(target) is not None:
        return
    if method == b"OPTIONS" and target == b"*":
        return
    bad = grammar.NOT_IN_TARGET.search(target)
    if bad is not None:
        raise unsendable(LocalProtocolError, "the request target holds %s", excerpt(bad.group()))
    raise unsendable(LocalProtocolError, "the request target has a form that %s does not allow",
                     excerpt(method))


def _refuse_content(method):
    # type: (bytes) -> None
    if method in _WITHOUT_CONTENT:
        raise unsendable(LocalProtocolError, "a %s request with a body", excerpt(method))
