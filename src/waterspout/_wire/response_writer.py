"""ResponseWriter: the bytes of one connection's responses."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.body_writers import AS_IT_IS, CHUNKED, NO_BODY, LengthWriter
from waterspout._wire.faults import excerpt, lines_fault, unsendable
from waterspout._wire.field_lines import connection_options
from waterspout.exceptions import InvalidHeader, LocalProtocolError

if TYPE_CHECKING:
    from typing import List, Optional, Sequence, Tuple  # noqa: F401

    from waterspout._wire.body_writers import BodyWriter  # noqa: F401
    from waterspout._wire.events import RequestHead  # noqa: F401

_match_lines = grammar.REASON_AND_FIELD_LINES.match
_match_fields = grammar.FIELD_LINES.match
_find_fields = grammar.RESPONSE_FIELDS.findall
_OWS = grammar.OWS

#: Where the reason phrase begins in a head.
_REASON_AT = len(b"HTTP/1.1 200 ")

#: The last head that was checked and had no length among its fields: its status code, reason, field
#: lines and their number; its bytes; and its fields that `_find_fields` finds. The next response
#: often differs from it in its length only.
_last_checked = ((0, b"", b"", 0), b"", ())  # type: Tuple[Tuple[int, bytes, bytes, int], bytes, Sequence[Tuple[bytes, bytes]]]

#: The same of the last head but for its last field line, which is another one in the next response
#: if it is the response's id.
_last_begun = _last_checked


class ResponseWriter(object):
    """Writes one response after the other.

    Attributes:
        started (bool): the head of the final response has been written.
        ended (bool): that response is complete.
        why_last (native str or None): why no other response can follow it.
        switched (bool): it has changed the protocol of the connection.
    """

    __slots__ = ("started", "ended", "why_last", "switched", "_body")

    def __init__(self):
        # type: () -> None
        self.started = False
        self.ended = False
        self.why_last = None  # type: Optional[str]
        self.switched = False
        self._body = None  # type: Optional[BodyWriter]  # While a body is being written.

    def start_response(
        self, request, method, status_code, reason, raw, count, content_length, why_close
    ):
        # type: (Optional[RequestHead], Optional[bytes], int, bytes, bytes, int, Optional[int], Optional[str]) -> bytes
        """Return the bytes of a head.

        Args: those of `ServerConnection.start_response`, and
            request (RequestHead or None): None if its head was refused.
            method (bytes or None): its method, if known.
            why_close (native str or None): why the connection is closed after this response.
        """
        if self.started:
            raise LocalProtocolError("the response has been started", phase="send")
        length = None  # type: Optional[bytes]
        if content_length is None:
            head, fields = _checked_head(status_code, reason, raw, count)
        else:
            head, fields = _checked_once(status_code, reason, raw, count)
            length = b"%d" % content_length
            head += b"Content-Length: %s\r\n" % length
        own_coding = names_chunked = False
        options = []  # type: List[bytes]
        for name, value in fields:
            if name == b"connection":
                options += connection_options(value)
            elif name == b"transfer-encoding":
                if value.rstrip(_OWS) == b"chunked":
                    names_chunked = True
                else:
                    own_coding = True
            elif length is not None:
                raise unsendable(LocalProtocolError, "more than one Content-Length field")
            else:
                length = value.rstrip(_OWS)
        if names_chunked and not own_coding and status_code != 304 and method != b"HEAD":
            # A program that sets the field means the framing that is added here where it is needed.
            head = grammar.CHUNKED_LINE.sub(b"", head)
        is_http_1_1 = request is None or request.http_version != b"1.0"
        if status_code < 200 and status_code != 101:
            # RFC 9110 section 15.2: a client of HTTP/1.0 cannot read it.
            return _without_framing(head) + b"\r\n" if is_http_1_1 else b""
        switches = status_code == 101 or method == b"CONNECT" and status_code < 300
        if switches or status_code == 204:
            body = NO_BODY  # type: BodyWriter
            head = _without_framing(head)
            if switches:
                self.switched = True
                why_close = "the connection now speaks another protocol"
        else:
            body = _body_writer(length, own_coding, is_http_1_1)
            if status_code == 304 or method == b"HEAD":
                body = NO_BODY
            elif body is CHUNKED:
                head += b"Transfer-Encoding: chunked\r\n"
            elif body is AS_IT_IS and why_close is None:
                # Whether a coding of the caller's ends the body is not checked.
                why_close = "the end of the connection ends the response"
        if b"close" in options:
            why_close = why_close or "the response says close"
        elif why_close is None:
            if not is_http_1_1 and b"keep-alive" not in options:
                head += b"Connection: Keep-Alive\r\n"  # In Tornado's spelling.
        elif is_http_1_1 and not switches:
            head += b"Connection: close\r\n"
        self.started = True
        self.why_last = why_close
        self._body = body
        return head + b"\r\n"

    def whole_response(self, request, method, status_code, reason, raw, count, body, why_close):
        # type: (Optional[RequestHead], Optional[bytes], int, bytes, bytes, int, bytes, Optional[str]) -> bytes
        """Return the bytes of a response, with a Content-Length field for ``body``."""
        data = self.start_response(
            request, method, status_code, reason, raw, count, len(body), why_close)
        if not self.started:
            raise LocalProtocolError("%d is not a final status" % status_code, phase="send")
        if self._body is not NO_BODY:
            data += body
        self._body = None
        self.ended = True
        return data

    def pass_through(self):
        # type: () -> None
        """Send what follows as it is: the caller writes a whole response, with its head."""
        self.started = True
        self.why_last = "the application has written the head of the response"
        self._body = AS_IT_IS

    def send_data(self, data):
        # type: (bytes) -> bytes
        body = self._body
        if body is None:
            raise LocalProtocolError("no response is being sent", phase="send")
        return body.write(data)

    def end_response(self):
        # type: () -> bytes
        body, self._body = self._body, None
        if body is None:
            raise LocalProtocolError("no response is being sent", phase="send")
        try:
            data = body.end(None)
        except LocalProtocolError:
            self._body = body
            raise
        self.ended = True
        return data

    @property
    def missing_body_bytes(self):
        # type: () -> Optional[int]
        body = self._body
        if type(body) is LengthWriter:
            return body.missing
        return None if body is CHUNKED or body is AS_IT_IS else 0


def _checked_head(status_code, reason, raw, count):
    # type: (int, bytes, bytes, int) -> Tuple[bytes, Sequence[Tuple[bytes, bytes]]]
    """The head without its last line; and its fields that decide about framing, lower-cased."""
    head = b"HTTP/1.1 %d %s\r\n%s" % (status_code, reason, raw)
    if (_match_lines(head, _REASON_AT) is None or b"\n" in reason
            or raw.count(b"\n") != count or not 100 <= status_code <= 999):
        raise _head_fault(status_code, reason, raw, count)
    if type(head) is not bytes:  # py2: text among bytes makes text.
        raise TypeError("reason and field lines must be bytes")
    return head, _find_fields(head.lower())


def _checked_once(status_code, reason, raw, count):
    # type: (int, bytes, bytes, int) -> Tuple[bytes, Sequence[Tuple[bytes, bytes]]]
    """The same; what it returned last is kept, and what it checked but for the last line."""
    global _last_checked, _last_begun
    asked = (status_code, reason, raw, count)
    last, head, fields = _last_checked
    if asked == last:
        return head, fields
    line_at = raw.rfind(b"\n", 0, -1) + 1
    begun, head, fields = _last_begun
    if line_at and begun == (status_code, reason, raw[:line_at], count - 1):
        line = raw[line_at:]
        if _match_fields(line) is None:
            raise _head_fault(status_code, reason, raw, count)
        head += line
        fields = list(fields) + _find_fields(b"\n" + line.lower())
    else:
        head, fields = _checked_head(status_code, reason, raw, count)
        if line_at:
            _last_begun = (
                (status_code, reason, raw[:line_at], count - 1),
                head[:line_at - len(raw)],
                _find_fields(head[:line_at - len(raw)].lower()))
    _last_checked = asked, head, fields
    return head, fields


def _body_writer(length, own_coding, is_http_1_1):
    # type: (Optional[bytes], bool, bool) -> BodyWriter
    """The writer of a body, by its framing fields (RFC 9112 section 6).

    Args:
        length (bytes or None): the value of Content-Length.
        own_coding (bool): there is a Transfer-Encoding field: the caller has coded the body.
    Raises: LocalProtocolError.
    """
    if length is None:
        if not own_coding:
            return CHUNKED if is_http_1_1 else AS_IT_IS
        if not is_http_1_1:
            raise unsendable(LocalProtocolError, "Transfer-Encoding to a client of HTTP/1.0")
        return AS_IT_IS
    if own_coding:
        raise unsendable(LocalProtocolError, "both Transfer-Encoding and Content-Length")
    if not length.isdigit():
        raise unsendable(LocalProtocolError, "%s is not a Content-Length", excerpt(length))
    return LengthWriter(int(length))


def _without_framing(head):
    # type: (bytes) -> bytes
    """``head`` without fields that frame a body: RFC 9112 section 6.1, RFC 9110 section 8.6."""
    return grammar.CONTENT_FRAMING_LINES.sub(b"", head)


def _head_fault(status_code, reason, raw, count):
    # type: (int, bytes, bytes, int) -> Exception
    if not 100 <= status_code <= 999:
        return unsendable(LocalProtocolError, "%d is not a status code", status_code)
    if grammar.FIELD_VALUE.match(reason) is None:
        return unsendable(InvalidHeader, "the reason phrase has a control character")
    if raw and not raw.endswith(b"\r\n"):
        return unsendable(InvalidHeader, "no line end after the last field line")
    if grammar.FIELD_LINES.match(raw) is None:
        return unsendable(InvalidHeader, "%s", lines_fault(raw))
    return unsendable(InvalidHeader, "%d field lines for %d fields: a value has a line end",
                      raw.count(b"\n"), count)
