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
from waterspout.cookies.cookie_headers import store_cookies
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
from waterspout.status_codes import PERMANENT_REDIRECTS, REDIRECTS
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

#: Bytes in each piece of a plain ``for``, as in requests.
ITERATED_BYTES = 128

#: An encoding that was not determined yet; None means that there is none.
_UNKNOWN = object()


class Response(ResponseWithoutRaw):
    """The response to a request, with its body.

    Its truth value is `ok`, as in requests: compare with None to test whether there is a response.
    It can be pickled after its body was read.

    Attributes:
        status_code (int): such as 200.
        reason (native str): the phrase after the status, such as ``"OK"``.
        headers (Headers): ``[]`` joins repeated fields; see `Headers.get_list`.
        url (native str): the URL of the last request, after redirects.
        request (PreparedRequest): the last request, after redirects.
        history (list of Response): the redirects before this response, oldest first.
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
        self._headers = headers  # Or a function that makes them, until they are used.
        self._content = content
        self._times = times
        self._stream = stream
        self._streamed = False
        self._encoding = _UNKNOWN  # type: Any
        self._sets_cookies = sets_cookies  # None if the headers have to be searched.

    @property
    def content(self):
        # type: () -> bytes
        """The decoded body. Raises: ResponseNotRead: it is streamed and was not read."""
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
        """The time from the call to the response's head, as in requests; redirects have their own.

        It includes waiting for a connection, but not reading the body.
        """
        seconds = 0.0
        if self._times:
            moments = self._times[0]
            seconds = moments[HEAD] - moments[0]
        return datetime.timedelta(seconds=seconds)

    @property
    def trace(self):
        # type: () -> Trace
        """How long each phase took; see `Trace`."""
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
        """The URL of the last request, after redirects."""
        return self.request.url

    @property
    def ok(self):
        # type: () -> bool
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def is_redirect(self):
        # type: () -> bool
        """Whether the status is 301, 302, 303, 307 or 308 and there is a Location."""
        return self.status_code in REDIRECTS and bool(self.headers.get("Location"))

    @property
    def is_permanent_redirect(self):
        # type: () -> bool
        """Whether it is a redirect by 301 or 308."""
        return self.status_code in PERMANENT_REDIRECTS and self.is_redirect

    def decode_content(self, max_bytes, max_codings):
        # type: (int, int) -> None
        """Decode the body from its Content-Encoding. Called once, by transports.

        A redirect whose body does not match its Content-Encoding loses the body, as in requests,
        since only its Location matters.
        Raises: ContentDecodingError, ResponseTooLarge.
        """
        if not self._content:
            return  # The response to HEAD, for example.
        try:
            self._content = decode_body(self._content, self.headers, max_bytes, max_codings)
        except ContentDecodingError:
            if not self.is_redirect:
                raise
            self._content = b""

    @property
    def next(self):
        # type: () -> Optional[PreparedRequest]
        """The request that follows this redirect, if ``allow_redirects=False``; else None.

        Raises: InvalidURL or a subclass, MissingSchema, InvalidSchema: a bad Location;
            UnrewindableBodyError.
        """
        if self._find_next is not None:
            self._next, self._find_next = self._find_next(), None
        return self._next

    def find_next(self, find):
        # type: (Callable[[], PreparedRequest]) -> None
        """Have `next` call ``find()`` when it is first used."""
        self._find_next = find

    @property
    def sets_cookies(self):
        # type: () -> bool
        """Whether there is a Set-Cookie field. Does not parse the other headers."""
        if self._sets_cookies is None:
            self._sets_cookies = "Set-Cookie" in self.headers
        return self._sets_cookies

    @property
    def cookies(self):
        # type: () -> RequestsCookieJar
        """The cookies that this response set; without those that its host may not set."""
        if self._cookies is None:
            self._cookies = RequestsCookieJar()
            if self.sets_cookies:
                store_cookies(self._cookies, self)
        return self._cookies

    @property
    def apparent_encoding(self):
        # type: () -> str
        """The charset guessed from the body; used by `text` if none is declared."""
        return charsets.guess_charset(self.content)

    @property
    def text(self):
        # type: () -> Text
        """The body as text, decoded with `encoding`, or with `apparent_encoding` if that is None.

        As in requests, an unknown charset means UTF-8, and bad bytes become U+FFFD.
        """
        return charsets.decode(self.content, self.encoding or self.apparent_encoding)

    @property
    def links(self):
        # type: () -> Dict[str, Dict[str, str]]
        """The links of the Link header (RFC 8288) by ``rel``, or by URL without one:
        ``links["next"]["url"]``.
        """
        return parse_links(self.headers.get("Link", ""))

    def json(self, **kwargs):
        # type: (**Any) -> Any
        """Decode the body from JSON; ``kwargs`` are passed to `json.loads`.

        The body may be UTF-8, -16 or -32 (RFC 8259 section 8.1 and its predecessors); if it is
        none of them, `encoding` is used. If `BaseSDK` has decoded a large body already, each call
        returns that value.
        Raises: JSONDecodeError, whose ``response`` is this one.
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
        """A decoder in steps, if the body is large and looks like JSON; `json` uses its result."""
        content = self._content
        if content is None or len(content) < LARGE_BYTES or not looks_like_json(content):
            return None
        self._large_json = LargeJSONContent(content, self.encoding)
        return self._large_json

    def read(self):
        # type: () -> Future[bytes]
        """Resolve to the whole of a streamed body, which is then `content` too.

        Raises: through the Future StreamConsumedError: `iter_content` was called before; and the
            error with which the exchange failed.
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
        """Iterate over the body in pieces, as they arrive or of ``chunk_size`` bytes each.

        ``async for piece in response.iter_content()``; on 2.7 ``piece = yield pieces.next()``
        until it is empty. The server is read no faster than the pieces are taken.

        Args:
            chunk_size (int or None): bytes in each piece but the last.
            decode_unicode (bool): return text, if `encoding` is known.
        Raises: StreamConsumedError: the body was streamed before. Through the Futures the error
            with which the exchange failed.
        """
        checked_size(chunk_size)
        pieces = Pieces(self._reader(), chunk_size)
        if not (decode_unicode and self.encoding):
            return pieces
        return TextPieces(pieces.next, charsets.decoder(self.encoding))

    def iter_lines(self, chunk_size=None, decode_unicode=False, delimiter=None):
        # type: (Optional[int], bool, Union[None, bytes, Text]) -> Lines
        """Iterate over the body's lines, without their ends.

        ``async for line in response.iter_lines()``; on 2.7 ``line = yield lines.next()`` until
        it is None, since a line may be empty. A line of any length is kept in memory.

        Args:
            chunk_size, decode_unicode: as for `iter_content`.
            delimiter (bytes or text): separates lines; by default the ends of ``splitlines()``.
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
        """Stop reading a streamed body. Its connection is closed unless the whole body arrived."""
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
        """Raise HTTPError if the status is 400 or above."""
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
    # json's messages quote a position, not the document; those of decoding errors quote bytes.
    return "not UTF-8" if isinstance(error, UnicodeError) else str(error)
