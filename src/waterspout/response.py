"""Response: what came back."""

from __future__ import absolute_import, division, print_function

import datetime
import json as json_module

from waterspout._compat import resolved
from waterspout.charsets import declared_charset, json_charset
from waterspout.cookie_exchange import learn
from waterspout.cookies import RequestsCookieJar
from waterspout.exceptions import (
    HTTPError,
    JSONDecodeError,
    ResponseNotRead,
    StreamConsumed,
    Unsupported,
)
from waterspout.streams import Pieces
from waterspout.structures import Headers

#: Statuses that redirect, if they say where to.
REDIRECTS = frozenset([301, 302, 303, 307, 308])

#: Those of them that are for good.
PERMANENT_REDIRECTS = frozenset([301, 308])

#: Of an encoding that nobody asked for yet; None means that there is none.
_UNKNOWN = object()


class Response(object):
    """What came back, body included.

    Attributes:
        status_code (int), reason (native str).
        headers (Headers): repeated fields are joined by ``[]``; see `Headers.get_list`.
        url (native str): where it came from, after redirects.
        request (PreparedRequest): the one that was answered, after redirects.
        history (list of Response): the redirects that led here, oldest first.
        elapsed (datetime.timedelta): from sending the request to the end of the body; time
            spent waiting for a connection counts.
        encoding (native str or None): from the Content-Type, as in requests; may be set.
    """

    # Most responses never have one of these.
    _cookies = None  # type: Optional[RequestsCookieJar]
    _find_next = None  # type: Optional[Callable[[], PreparedRequest]]
    _next = None  # type: Optional[PreparedRequest]

    def __init__(self, request, status_code, reason, headers, content, seconds=0.0, stream=None,
                 sets_cookies=None):
        # type: (PreparedRequest, int, str, Any, Optional[bytes], float, Optional[ResponseStream], Optional[bool]) -> None
        self.request = request
        self.status_code = status_code
        self.reason = reason
        self.history = []  # type: List[Response]
        self._headers = headers  # Or what makes them, until somebody looks.
        self._content = content
        self._seconds = seconds
        self._stream = stream
        self._streamed = False
        self._encoding = _UNKNOWN
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
        headers = self._headers
        if not isinstance(headers, Headers):
            headers = self._headers = headers()
        return headers

    @property
    def elapsed(self):
        # type: () -> datetime.timedelta
        return datetime.timedelta(seconds=self._seconds)

    @property
    def encoding(self):
        # type: () -> Optional[str]
        if self._encoding is _UNKNOWN:
            self._encoding = declared_charset(self.headers.get("Content-Type", ""))
        return self._encoding

    @encoding.setter
    def encoding(self, encoding):
        self._encoding = encoding

    @property
    def url(self):
        # type: () -> str
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
        return self.status_code in PERMANENT_REDIRECTS and self.is_redirect

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
    def text(self):
        # type: () -> Text
        """The body as text: by `encoding`, else as UTF-8 if it is that, else as Latin-1."""
        if self.encoding is not None:
            try:
                return self.content.decode(self.encoding, "replace")
            except LookupError:  # A charset nobody knows.
                pass
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            return self.content.decode("latin-1")

    def json(self, **kwargs):
        # type: (**Any) -> Any
        """The body decoded from JSON; ``kwargs`` go to `json.loads`.

        JSON is UTF-8, -16 or -32 (RFC 8259 section 8.1 and those before it); where it is none
        of them, `encoding` counts.
        Raises: JSONDecodeError, with this response on it.
        """
        try:
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
                request=self.request,
                response=self,
                phase="read",
            )

    def read(self):
        # type: () -> Future[bytes]
        """The whole of a streamed body, which is `content` from then on.

        Raises: through the Future StreamConsumed once `iter_content` was begun, and what the
            exchange failed with.
        """
        if self._content is not None:
            return resolved(self._content)
        return self._take_stream().read_all(self._keep)

    def _keep(self, content):
        self._content = content

    def iter_content(self, chunk_size=None):
        # type: (Optional[int]) -> Pieces
        """The body in pieces, as they come or of ``chunk_size`` bytes each.

        ``async for piece in response.iter_content()``; on 2.7 ``piece = yield pieces.next()``
        until it is ``b""``. The server is read no faster than the pieces are taken.
        """
        if self._content is not None:
            whole = [self._content, b""]
            return Pieces(lambda: resolved(whole.pop(0) if len(whole) > 1 else b""), chunk_size)
        return Pieces(self._take_stream().read, chunk_size)

    @property
    def connection(self):
        # type: () -> None
        """Not here: hooks written for requests send through it, and wait for what comes.

        Raises: Unsupported.
        """
        raise Unsupported(
            "%r has no connection: a hook cannot send and wait. To answer a challenge, set the "
            "request's responder, as waterspout.HTTPDigestAuth does" % (self,),
            request=self.request,
            response=self,
        )

    def close(self):
        # type: () -> None
        """Want no more of a streamed body; its connection is closed unless all of it came."""
        if self._stream is not None:
            self._stream.close()

    def _take_stream(self):
        if self._streamed:
            raise StreamConsumed("the body of %r was streamed already" % (self,))
        self._streamed = True
        return self._stream

    def _json_text(self):
        try:
            return self.content.decode(json_charset(self.content))
        except UnicodeDecodeError:
            if self.encoding is None:
                raise
            return self.content.decode(self.encoding)

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

    def __repr__(self):
        return "<Response [%d]>" % self.status_code


def _json_complaint(error):
    # json's own texts quote a position, never the document; a decoding error's would quote bytes.
    return "not UTF-8" if isinstance(error, UnicodeError) else str(error)
