"""BlockingExchange: performs one exchange with requests, in a worker thread."""

from __future__ import absolute_import, division, print_function

import re

import requests

from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.constants import CHUNK_BYTES
from waterspout.exceptions import RemoteProtocolError, Unsupported
from waterspout.structures import Headers
from waterspout.transports.borrowed.head_reader import CheckedHead, head_too_large
from waterspout.transports.borrowed.queueing_transport import url_for_client
from waterspout.transports.threads.requests_errors import CutShort

#: The defects of email.parser, used by http.client, for lines of a head that it cannot parse. Other
#: defects concern the parts of a multipart body.
_DEFECTS = frozenset(["FirstHeaderLineIsContinuationDefect", "InvalidHeaderDefect",
                      "MissingHeaderBodySeparatorDefect"])

#: A folded line (RFC 9112 section 5.2), which email.parser leaves in the value.
_FOLD = re.compile(r"\r?\n[ \t]+")


class BlockingExchange(object):
    """Opened, read to its end and closed, by one thread at a time.

    Args:
        exchange (BorrowedExchange): whose request is sent.
        on_loop (callable): makes the IOLoop call its argument.

    Attributes:
        upload (BlockingUpload or None): for a body that is read while it is sent.
    """

    def __init__(self, exchange, limits, on_loop):
        # type: (BorrowedExchange, Limits, Callable[[Callable[[], None]], None]) -> None
        self._exchange = exchange
        self._request = exchange.request
        self._options = exchange.options
        self._limits = limits
        self._on_loop = on_loop
        self._raw = None
        self._left = None  # type: Optional[int]  # Announced bytes that have not arrived.
        self._last_on = None  # The connection, if it must not be reused.
        self._pieces = iter(())  # type: Iterator[bytes]
        self.upload = None
        if isinstance(exchange.request.body, StreamedBody):
            self.upload = BlockingUpload(exchange, on_loop)

    def perform(self, adapter_for):
        # type: (Callable[[Optional[Route]], RouteAdapter]) -> bytes
        """Perform the whole exchange and return the body."""
        self.open(adapter_for)
        pieces, size = [], 0
        while True:
            piece = self.read()
            pieces.append(piece)
            size += len(piece)
            if not piece:
                break
            if size > self._limits.max_body_bytes:
                self.close()  # `BorrowedExchange.body_received` will fail the call.
                break
        return b"".join(pieces)

    def open(self, adapter_for):
        # type: (Callable[[Optional[Route]], RouteAdapter]) -> None
        """Send the request and wait for the head.

        ``adapter_for(route)`` returns this thread's adapter.
        """
        self._exchange.timeouts.begun()
        request, options = self._request, self._options
        timeout = (options.timeout.connect, options.timeout.read)
        try:
            response = adapter_for(options.route).perform(self._prepared(), timeout)
        except Exception:
            if self.upload is not None and self.upload.error is not None:
                raise self.upload.error  # Not the error that requests makes from it.
            raise
        finally:
            if self.upload is not None:
                self.upload.close()
        self._raw = response.raw
        try:
            head = self._read_head()
        except Exception:
            self.close()
            raise
        if head.is_last:
            self._last_on = self._raw.connection
        if head.has_body and request.method != "HEAD":
            self._left = head.body_length()
        if head.is_last and not head.has_body:
            self.close()  # http.client would wait for a body.
        else:
            self._pieces = _pieces(self._raw, self._left)
        self._exchange.head = head
        if self._exchange.notes is not None:
            self._on_loop(self._exchange.head_came)

    def read(self):
        # type: () -> bytes
        """The next piece of the body, ``b""`` at its end."""
        try:
            piece = next(self._pieces, b"")
            if self._left is not None:
                self._left -= len(piece)
                if not piece and self._left:
                    # Neither http.client nor urllib3 1.26 reports an incomplete body.
                    raise CutShort("the connection ended, %d bytes early" % self._left)
        except Exception:
            self.close()
            raise
        if not piece:
            self.close()
        return piece

    def close(self):
        # type: () -> None
        """Stop. Unless the body was read to its end, the connection is not reused."""
        if self._raw is not None:
            self._raw.close()  # Does nothing if urllib3 has the connection back already.
            self._raw.release_conn()
        if self._last_on is not None:
            self._last_on.close()  # No other thread uses it; urllib3 opens it again.

    def _read_head(self):
        raw = self._raw
        if _is_damaged(raw):
            raise RemoteProtocolError("a line of the head is not a header field")
        head = CheckedHead(raw.status, raw.reason or "", Headers(_fields(raw.headers)),
                    raw.version == 10)
        size = sum(len(name) + len(value) for name, value in head.headers.get_all())
        if size > self._limits.max_header_bytes:
            raise head_too_large(self._limits)
        head.check(self._request, self._options, self._limits)
        return head

    def _prepared(self):
        # Not requests' own `prepare`: ours was done, and is the same for every transport.
        request, prepared = self._request, requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = url_for_client(request, self._options.route)
        fields = request.headers.items()
        if "%" in request.parsed_url.host and "Host" not in request.headers:
            # http.client would send the IPv6 zone.
            fields = [("Host", request.parsed_url.netloc)] + list(fields)
        prepared.headers = requests.structures.CaseInsensitiveDict(fields)
        prepared.body = request.body if self.upload is None else self.upload
        return prepared


class BlockingUpload(object):
    """A body for urllib3 and http.client: an iterable, or a file if they know its length.

    `PhaseTimeouts` has the timeout: urllib3 would give the server ``timeout.connect`` for a piece.

    Attributes:
        error (Exception or None): the error of reading it, which requests would replace.
    """

    def __init__(self, exchange, on_loop):
        # type: (BorrowedExchange, Callable[[Callable[[], None]], None]) -> None
        self._exchange = exchange
        self._on_loop = on_loop
        self._pieces = exchange.request.body.pieces()
        self._rest = b""
        self.error = None

    def read(self, size=-1):
        # type: (int) -> bytes
        data = self._rest or next(self, b"")
        if size is None or size < 0:
            size = len(data)
        self._rest = data[size:]
        return data[:size]

    def __iter__(self):
        return self

    def __next__(self):
        self._on_loop(self._exchange.timeouts.awaiting_body)
        try:
            piece = b""
            while not piece:  # An empty piece would be the end.
                piece = _bytes(next(self._pieces))
            if self._exchange.over:
                raise EnvironmentError("the call is over")
        except StopIteration:
            self._on_loop(self._exchange.timeouts.handed_over)
            raise
        except Exception as error:
            self.error = error
            raise
        self._on_loop(self._exchange.timeouts.sending)
        return piece

    next = __next__  # py2

    def close(self):
        # type: () -> None
        """Let a generator clean up."""
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()


def _bytes(piece):
    if isinstance(piece, (bytearray, memoryview)):
        return bytes(bytearray(piece))
    if isinstance(piece, bytes):
        return piece
    raise Unsupported(
        "data= yielded %s; the threads transport can send only bytes, since a thread cannot wait "
        "for a Future; pooled can" % type(piece).__name__)


def _pieces(raw, length):
    """Iterate over the body as it arrives, still encoded."""
    read_some = getattr(raw, "read1", None)
    if read_some is None or length is None:
        # One chunk after another; urllib3 before 2.2 has nothing better for other bodies.
        return raw.stream(CHUNK_BYTES, decode_content=False)
    return iter(lambda: read_some(CHUNK_BYTES, decode_content=False), b"")


def _is_damaged(raw):
    # type: (urllib3.HTTPResponse) -> bool
    """Whether http.client has dropped a line of the head, or all lines after one."""
    message = raw._original_response.msg
    defects = getattr(message, "defects", None)
    if defects is None:  # py2
        return message.status == "Non-header line where header expected"
    return any(type(defect).__name__ in _DEFECTS for defect in defects)


def _fields(urllib3_headers):
    for name in urllib3_headers:
        for value in urllib3_headers.getlist(name):
            yield name, _FOLD.sub(" ", value).strip(" \t")
