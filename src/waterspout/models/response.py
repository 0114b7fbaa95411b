"""Response: what came back."""

from __future__ import absolute_import, division, print_function

import datetime

from waterspout._compat import TYPE_CHECKING
from waterspout._decoding.content_codings import decode_body
from waterspout._decoding.links import parse_links
from waterspout.cookies.cookie_headers import store_cookies
from waterspout.cookies.jar import RequestsCookieJar
from waterspout.exceptions import ContentDecodingError, HTTPError
from waterspout.models.absent import ResponseWithoutRaw
from waterspout.models.response_body import ResponseBody
from waterspout.models.traces import HEAD, Trace
from waterspout.status_codes import PERMANENT_REDIRECTS, REDIRECTS
from waterspout.structures import Headers

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple  # noqa: F401

    from waterspout._decoding.body_stream import BodyStream  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401


class Response(ResponseBody, ResponseWithoutRaw):
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
        retries (tuple of Attempt): the attempts before this one's; see `waterspout.Retry`.
        encoding (native str or None): from the Content-Type, as in requests; may be set.

    Args, beside attributes:
        content (bytes or None): None where ``stream`` has it.
        times (tuple): the arguments of its `Trace`.
    """

    # Most responses never have one of these.
    _cookies = None  # type: Optional[RequestsCookieJar]
    _find_next = None  # type: Optional[Callable[[], PreparedRequest]]
    _next = None  # type: Optional[PreparedRequest]
    _encoded_bytes = None  # type: Optional[int]
    retries = ()  # type: Tuple[Any, ...]

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
        self._sets_cookies = sets_cookies  # None if the headers have to be searched.

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
        return Trace(*self.times)

    @property
    def times(self):
        # type: () -> Tuple
        """The arguments of its `trace`; empty if the transport does not know them."""
        if self._stream is None or not self._times:
            return self._times
        moments, attempts, reused = self._times
        return moments[:-1] + (self._stream.ended,), attempts, reused

    @property
    def is_streamed(self):
        # type: () -> bool
        """Whether its body arrives after the call has it."""
        return self._stream is not None

    def when_ended(self, function, on_loop):
        # type: (Callable[[Optional[float], Optional[BaseException]], None], Callable[..., None]) -> None
        """Have ``function(ended, error)`` called at the end of a streamed body; see `BodyStream`.
        """
        self._stream.when_ended(function, on_loop)

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
        self._encoded_bytes = len(self._content)
        try:
            self._content = decode_body(self._content, self.headers, max_bytes, max_codings)
        except ContentDecodingError:
            if not self.is_redirect:
                raise
            self._content = b""

    def noted(self):
        # type: () -> Tuple[int, Tuple, Optional[int]]
        """The status, `times`, and the length of the body as it arrived, before it was decoded;
        None for the last if it is streamed.
        """
        if self._stream is not None:
            return self.status_code, self.times, None
        count = self._encoded_bytes
        if count is None and self._content is not None:
            count = len(self._content)
        return self.status_code, self._times, count

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
    def links(self):
        # type: () -> Dict[str, Dict[str, str]]
        """The links of the Link header (RFC 8288) by ``rel``, or by URL without one:
        ``links["next"]["url"]``.
        """
        return parse_links(self.headers.get("Link", ""))

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
            "_times": self.times,
        }

    def __setstate__(self, state):
        self.__init__(None, 0, "", None, None)
        self.__dict__.update(state)

    def __repr__(self):
        return "<Response [%d]>" % self.status_code
