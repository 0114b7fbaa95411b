"""Response: what came back."""

from __future__ import absolute_import, division, print_function

import datetime
import json as json_module

from waterspout._compat import TYPE_CHECKING, resolved, to_bytes, to_text
from waterspout._decoding import charsets
from waterspout._decoding.content_codings import decode_body
from waterspout._decoding.iterators import Lines, Pieces, TextPieces, checked_size
from waterspout._decoding.lines import DelimiterSplitter, LineSplitter
from waterspout._decoding.links import parse_links
from waterspout._json_text.content import LARGE_BYTES, LargeJSONContent, looks_like_json
from waterspout.cookies.cookie_headers import learn
from waterspout.cookies.jar import RequestsCookieJar
from waterspout.exceptions import (
    ContentDecodingError,
    HTTPError,
    JSONDecodeError,
    ResponseNotRead,
    StreamConsumedError,
)
from waterspout.models.absent import ResponseWithoutRaw
from waterspout.models.traces import HEAD, Trace
from waterspout.structures import Headers

if TYPE_CHECKING:
    from typing import (  # noqa: F401
        Any,
        Callable,
        Dict,
        Iterator,
        List,
        Optional,
        Text,
        Tuple,
        Union,
        overload,
    )

    from tornado.concurrent import Future  # noqa: F401
    from typing_extensions import Literal, Self  # noqa: F401

    from waterspout._decoding.body_stream import BodyStream  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401

#: Statuses that redirect, if they say where to.
REDIRECTS = frozenset([301, 302, 303, 307, 308])

#: Those of them that are for good.
PERMANENT_REDIRECTS = frozenset([301, 308])

#: Bytes in the pieces that a plain ``for`` gives, as in requests.
ITERATED_BYTES = 128

#: Of an encoding that nobody asked for yet; None means that there is none.
_UNKNOWN = object()


class Response(ResponseWithoutRaw):
    """What came back, body included.

    It is true if it is `ok`, as in requests: compare with None to know whether there is one.
    Can be pickled once its body is read.

    Attributes:
        status_code (int), reason (native str).
        headers (Headers): repeated fields are joined by ``[]``; see `Headers.get_list`.
        url (native str): where it came from, after redirects.
        request (PreparedRequest): the one that was answered, after redirects.
        history (list of Response): the redirects that led here, oldest first.
        encoding (native str or None): from the Content-Type, as in requests; may be set.

    Args, beside attributes:
        content (bytes or None): None where ``stream`` has it.
        times (tuple): the arguments of its `Trace`.
    """

    # Most responses never have one of these.
    _cookies = None  # type: Optional[RequestsCookieJar]
    _find_next = None  # type: Optional[Callable[[], PreparedRequest]]
    _large_json = None  # type: Optional[LargeJSONContent]
    _next = None  # type: Optional[PreparedRequest]

    def __init__(self, request, status_code, reason, headers, content, times=(), stream=None,
                 sets_cookies=None):
        # type: (PreparedRequest, int, str, Any, Optional[bytes], Tuple, Optional[BodyStream], Optional[bool]) -> None
        self.request = request
        self.status_code = status_code
        self.reason = reason
        self.history = []  # type: List[Response]
        self._headers = headers  # Or what makes them, until somebody looks.
        self._content = content
        self._times = times
        self._stream = stream
        self._streamed = False
        self._encoding = _UNKNOWN  # type: Any
        self._sets_cookies = sets_cookies  # None where only the headers tell.

    @property
    def content(self):
        # type: () -> bytes
        """The body, content codings undone. Raises: ResponseNotRead for a streamed one."""
        if self._content is None:
            raise ResponseNotRead("the body of %r was not read: yield or await read()" % (self,))
        return self._content

    @property
    def headers(self):
        # type: () -> Headers
        """The header fields, repeated ones joined by ``[]``; see `Headers.get_list`."""
        headers = self._headers
        if not isinstance(headers, Headers):
            headers = self._headers = headers()
        return headers

    @property
    def elapsed(self):
        # type: () -> datetime.timedelta
        """From the call to the response's head, as in requests; redirects have their own.

        Waiting for a connection counts, reading the body does not.
        """
        seconds = 0.0
        if self._times:
            moments = self._times[0]
            seconds = moments[HEAD] - moments[0]
        return datetime.timedelta(seconds=seconds)

    @property
    def trace(self):
        # type: () -> Trace
        """Where its time went; see `Trace`."""
        return Trace(*self._noted())

    def _noted(self):
        if self._stream is None or not self._times:
            return self._times
        moments, attempts, reused = self._times
        return moments[:-1] + (self._stream.ended,), attempts, reused

    @property
    def encoding(self):
        # type: () -> Optional[str]
        """The charset of the Content-Type, as in requests; None without one. May be set."""
        if self._encoding is _UNKNOWN:
            self._encoding = charsets.declared_charset(self.headers.get("Content-Type", ""))
        return self._encoding

    @encoding.setter
    def encoding(self, encoding):
        # type: (Optional[str]) -> None
        self._encoding = encoding

    @property
    def url(self):
        # type: () -> str
        """Where it came from, after redirects."""
        return self.request.url

    @property
    def ok(self):
        # type: () -> bool
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def is_redirect(self):
        # type: () -> bool
        """Whether it names another place, as 301, 302, 303, 307 and 308 should."""
        return self.status_code in REDIRECTS and bool(self.headers.get("Location"))

    @property
    def is_permanent_redirect(self):
        # type: () -> bool
        """Whether it is a redirect by 301 or 308."""
        return self.status_code in PERMANENT_REDIRECTS and self.is_redirect

    def decode_content(self, max_bytes, max_codings):
        # type: (int, int) -> None
        """For transports, once: have the body as it was before its Content-Encoding.

        A redirect whose body is not in the coding that it declares goes without one, as in
        requests: Location counts.
        Raises: ContentDecodingError, ResponseTooLarge.
        """
        if not self._content:
            return  # As after HEAD.
        try:
            self._content = decode_body(self._content, self.headers, max_bytes, max_codings)
        except ContentDecodingError:
            if not self.is_redirect:
                raise
            self._content = b""

    @property
    def next(self):
        # type: () -> Optional[PreparedRequest]
        """What to send to follow this redirect, where a call with ``allow_redirects=False``
        got it; None for any other response.

        Raises: InvalidURL kin for a bad Location; UnrewindableBodyError.
        """
        if self._find_next is not None:
            self._next, self._find_next = self._find_next(), None
        return self._next

    def find_next(self, find):
        # type: (Callable[[], PreparedRequest]) -> None
        """``find()`` gives `next`, once somebody wants it."""
        self._find_next = find

    @property
    def sets_cookies(self):
        # type: () -> bool
        """Whether there is a Set-Cookie; to be known without a look at the other headers."""
        if self._sets_cookies is None:
            self._sets_cookies = "Set-Cookie" in self.headers
        return self._sets_cookies

    @property
    def cookies(self):
        # type: () -> RequestsCookieJar
        """Those that this response has set; what its host may not set is left out."""
        if self._cookies is None:
            self._cookies = RequestsCookieJar()
            if self.sets_cookies:
                learn(self._cookies, self)
        return self._cookies

    @property
    def apparent_encoding(self):
        # type: () -> str
        """The charset that the body seems to be in; `text` asks where none is declared."""
        return charsets.guess_charset(self.content)

    @property
    def text(self):
        # type: () -> Text
        """The body as text: by `encoding`, else by `apparent_encoding`.

        As in requests, UTF-8 where nobody knows that charset, and U+FFFD for what it cannot say.
        """
        return charsets.decode(self.content, self.encoding or self.apparent_encoding)

    @property
    def links(self):
        # type: () -> Dict[str, Dict[str, str]]
        """The Link header, by ``rel``, else by URL: ``links["next"]["url"]``; RFC 8288."""
        return parse_links(self.headers.get("Link", ""))

    def json(self, **kwargs):
        # type: (**Any) -> Any
        """The body decoded from JSON; ``kwargs`` go to `json.loads`.

        JSON is UTF-8, -16 or -32 (RFC 8259 section 8.1 and those before it); where it is none
        of them, `encoding` counts. Where `BaseSDK` has decoded a large body beforehand, it is
        that value each time.
        Raises: JSONDecodeError, with this response on it.
        """
        try:
            if self._large_json is not None and not kwargs:
                return self._large_json.result()
            return json_module.loads(self._json_text(), **kwargs)
        except (ValueError, LookupError, RuntimeError) as error:  # RuntimeError: nested too deep.
            raise JSONDecodeError(
                "%s %s answered %d %s, which is not JSON: %s"
                % (
                    self.request.method,
                    self.request.parsed_url.for_messages,
                    self.status_code,
                    self.headers.get("Content-Type", "without a Content-Type"),
                    _json_complaint(error),
                ),
                cause=error,
                request=self.request,
                response=self,
                phase="read",
            )

    def large_json(self):
        # type: () -> Optional[LargeJSONContent]
        """What decodes the body, if it is large and looks like JSON; `json` takes its result."""
        content = self._content
        if content is None or len(content) < LARGE_BYTES or not looks_like_json(content):
            return None
        self._large_json = LargeJSONContent(content, self.encoding)
        return self._large_json

    def read(self):
        # type: () -> Future[bytes]
        """The whole of a streamed body, which is `content` from then on.

        Raises: through the Future StreamConsumedError once `iter_content` was begun, and what the
            exchange failed with.
        """
        if self._content is not None:
            return resolved(self._content)
        return self._take_stream().read_all(self._keep)

    def _keep(self, content):
        self._content = content

    if TYPE_CHECKING:
        @overload
        def iter_content(self, chunk_size=None, decode_unicode=False):
            # type: (Optional[int], Literal[False]) -> Pieces
            pass

        @overload
        def iter_content(self, chunk_size=None, decode_unicode=False):
            # type: (Optional[int], bool) -> Union[Pieces, TextPieces]
            pass

    def iter_content(self, chunk_size=None, decode_unicode=False):
        # type: (Optional[int], bool) -> Union[Pieces, TextPieces]
        """The body in pieces, as they come or of ``chunk_size`` bytes each.

        ``async for piece in response.iter_content()``; on 2.7 ``piece = yield pieces.next()``
        until it is empty. The server is read no faster than the pieces are taken.

        Args:
            decode_unicode: give text where `encoding` is known; a character may straddle pieces.
        Raises: StreamConsumedError. Through the Futures what the exchange failed with.
        """
        checked_size(chunk_size)
        pieces = Pieces(self._reader(), chunk_size)
        if not (decode_unicode and self.encoding):
            return pieces
        return TextPieces(pieces.next, charsets.decoder(self.encoding))

    def iter_lines(self, chunk_size=None, decode_unicode=False, delimiter=None):
        # type: (Optional[int], bool, Union[None, bytes, Text]) -> Lines
        """The body line by line, without their ends, however it comes.

        ``async for line in response.iter_lines()``; on 2.7 ``line = yield lines.next()`` until
        it is None, for a line may be empty. A line is held whole, however long it is.

        Args:
            chunk_size, decode_unicode: as of `iter_content`.
            delimiter: what stands between lines, in place of those of ``splitlines()``.
        """
        pieces = self.iter_content(chunk_size, decode_unicode)
        if delimiter:
            convert = to_bytes if isinstance(pieces, Pieces) else to_text
            return Lines(pieces.next, DelimiterSplitter(convert(delimiter)))
        return Lines(pieces.next, LineSplitter(pieces.end))

    def __iter__(self):
        # type: () -> Iterator[bytes]
        """The body in pieces of 128 bytes, as in requests. Raises: ResponseNotRead."""
        content = self.content
        return iter([content[at:at + ITERATED_BYTES]
                     for at in range(0, len(content), ITERATED_BYTES)])

    def __aiter__(self):
        # type: () -> Pieces
        return self.iter_content().__aiter__()

    def close(self):
        # type: () -> None
        """Want no more of a streamed body; its connection is closed unless all of it came."""
        if self._stream is not None:
            self._stream.close()

    def __enter__(self):
        # type: () -> Self
        return self

    def __exit__(self, *exc_info):
        # type: (*Any) -> None
        self.close()

    def __aenter__(self):
        # type: () -> Future[Self]
        return resolved(self)

    def __aexit__(self, *exc_info):
        # type: (*Any) -> Future[None]
        self.close()
        return resolved(None)

    def _reader(self):
        if self._content is None:
            return self._take_stream().read
        whole = [self._content, b""]
        return lambda: resolved(whole.pop(0) if len(whole) > 1 else b"")

    def _take_stream(self):
        if self._streamed:
            raise StreamConsumedError(
                "the body of %r was streamed already" % (self,), response=self, phase="read")
        self._streamed = True
        return self._stream

    def _json_text(self):
        try:
            return self.content.decode(charsets.json_charset(self.content))
        except UnicodeDecodeError:
            if self.encoding is None:
                raise
            return charsets.codec_of(self.encoding).decode(self.content)[0]

    def raise_for_status(self):
        # type: () -> None
        """Raises: HTTPError for a status of 400 or more."""
        if self.ok:
            return
        raise HTTPError(
            "%d %s Error: %s for url: %s"
            % (
                self.status_code,
                "Client" if self.status_code < 500 else "Server",
                self.reason,
                self.request.parsed_url.for_messages,
            ),
            request=self.request,
            response=self,
            phase="read",
        )

    def __bool__(self):
        # type: () -> bool
        return self.ok

    __nonzero__ = __bool__  # py2: its name there

    def __getstate__(self):
        """Raises: ResponseNotRead for a streamed body, which cannot be pickled."""
        return {
            "request": self.request,
            "status_code": self.status_code,
            "reason": self.reason,
            "history": self.history,
            "_headers": self.headers,
            "_content": self.content,
            "_encoding": self.encoding,
            "_times": self._noted(),
        }

    def __setstate__(self, state):
        self.__init__(None, 0, "", None, None)
        self.__dict__.update(state)

    def __repr__(self):
        return "<Response [%d]>" % self.status_code


def _json_complaint(error):
    # json's own texts quote a position, never the document; a decoding error's would quote bytes.
    return "not UTF-8" if isinstance(error, UnicodeError) else str(error)
