"""ResponseBody: what callers read of a response's body, whole or as it arrives."""

from __future__ import absolute_import, division, print_function

import json

from waterspout._compat import TYPE_CHECKING, resolved, to_bytes, to_text
from waterspout._decoding import charsets
from waterspout._decoding.iterators import Lines, Pieces, TextPieces, checked_size
from waterspout._decoding.lines import DelimiterSplitter, LineSplitter
from waterspout._json_text.content import LARGE_BYTES, LargeJSONContent, looks_like_json
from waterspout._json_text.loads import loads
from waterspout.exceptions import JSONDecodeError, ResponseNotRead, StreamConsumedError

if TYPE_CHECKING:
    from typing import Any, Iterator, Optional, Text, Union, overload  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from typing_extensions import Literal, Self  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401

#: Bytes in each piece of a plain ``for``, as in requests.
ITERATED_BYTES = 128

#: An encoding that was not determined yet; None means that there is none.
_UNKNOWN = object()


class ResponseBody(object):
    """The base of `Response` that has its body. A subclass has the rest of the message:
    ``request``, ``status_code`` and ``headers``, and sets ``_content`` or ``_stream``.
    """

    _content = None  # type: Optional[bytes]
    _stream = None  # type: Any

    # Most responses never have one of these.
    _encoding = _UNKNOWN  # type: Any
    _large_json = None  # type: Optional[LargeJSONContent]
    _streamed = False

    if TYPE_CHECKING:
        request = None  # type: PreparedRequest
        status_code = 0

        @property
        def headers(self):
            # type: () -> Any
            pass

    @property
    def content(self):
        # type: () -> bytes
        """The decoded body. Raises: ResponseNotRead: it is streamed and was not read."""
        if self._content is None:
            raise ResponseNotRead("the body of %r was not read: yield or await read()" % (self,))
        return self._content

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

    def json(self, **kwargs):
        # type: (**Any) -> Any
        """Decode the body from JSON; ``kwargs`` are passed to `json.loads`.

        The body may be UTF-8, -16 or -32 (RFC 8259 section 8.1 and its predecessors); if it is
        none of them, `encoding` is used. If `BaseSDK` has decoded a large body already, each call
        returns that value.
        Raises: JSONDecodeError, whose ``response`` is this one; ResponseNotRead: the body is
            streamed and was not read.
        """
        try:
            if self._large_json is not None and not kwargs:
                return self._large_json.result()
            text = self._json_text()
            return json.loads(text, **kwargs) if kwargs else loads(text)
        except ResponseNotRead:
            raise  # It is a RuntimeError too, but a mistake in the program.
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

    def take_encoded(self):
        # type: () -> Optional[Any]
        """The `BodyStream`, which then gives the body still encoded; None if it was read before.

        For a proxy: it hands on the body as it is. Raises: StreamConsumedError.
        """
        if self._content is not None:
            return None
        stream = self._take_stream()
        stream.keep_encoded()
        return stream

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


def _json_complaint(error):
    # json's messages quote a position, not the document; those of decoding errors quote bytes.
    return "not UTF-8" if isinstance(error, UnicodeError) else str(error)
