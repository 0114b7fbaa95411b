"""JSONHandler, the base class of a service's handlers, and ErrorHandler."""

from __future__ import absolute_import, division, print_function

import functools
import re

import tornado.web
from tornado import httputil
from tornado.util import raise_exc_info

from waterspout._compat import (
    TYPE_CHECKING,
    CancelledError,
    keeping_context,
    raw_method,
    rejected,
    to_bytes,
)
from waterspout._json_text.writer import is_large
from waterspout.service._json_bodies.encoder import encode_json
from waterspout.service._json_bodies.large_body import LARGE_BYTES
from waterspout.service._json_bodies.strict_decoder import (
    as_array,
    as_object,
    decode_json_array,
    decode_json_object,
)
from waterspout.service._json_handler import tornado_methods
from waterspout.service._json_handler.error_responses import MESSAGES, ErrorResponsesHandler
from waterspout.service._json_handler.large_json import LargeJSONHandler
from waterspout.service._json_handler.usual_headers import CONTENT_TYPE, NOSNIFF, UsualHeaders
from waterspout.service._observing.request_context import context_of, id_header_of
from waterspout.service._observing.upstreams import NO_UPSTREAMS
from waterspout.service.exceptions import CallCancelled, Refusal
from waterspout.service.reason_phrases import reason_phrase

if TYPE_CHECKING:
    from typing import (  # noqa: F401
        Any,
        Callable,
        Dict,
        List,
        Mapping,
        Optional,
        Text,
        Type,
    )

    from tornado.concurrent import Future  # noqa: F401

# A reason phrase that is sent: RFC 9112 section 4 without obs-text and tabs.
_REASON = re.compile(r"[\x20-\x7e]+\Z")

# RFC 9110 sections 15.2, 15.3.5 and 15.4.5.
_WITHOUT_BODY = frozenset([204, 304] + list(range(100, 200)))

# Surrogates encoded like UTF-8, which RFC 3629 section 3 prohibits.
_SURROGATE = re.compile(b"\xed[\xa0-\xbf][\x80-\xbf]")


@tornado.web.stream_request_body  # Otherwise Tornado would parse multipart bodies and forms.
class JSONHandler(LargeJSONHandler, ErrorResponsesHandler):
    """A ``tornado.web.RequestHandler`` whose every response is JSON, errors included.

    Override :meth:`error_body` to change the shape of error responses.

    A body of 64 KiB or more is decoded before the handler's method runs, and a value whose JSON is
    about as long is encoded after the method has ended, in steps of some milliseconds with other
    requests in between. This stops when the connection is closed; a client that has only ended its
    sending side gets its response.

    An uncaught `waterspout.RequestException` is answered with 502, with 504 for a timeout and 503
    for a full queue or an open circuit, and logged in one line without a traceback; see
    :func:`upstream_failure`.

    Attributes:
        body (bytes): the whole body of the request.
        client_left_after (float or None): seconds after which the client closed the connection
            without waiting for the response; None while it is connected. Then
            :meth:`on_connection_close` is called; the handler's method keeps running unless that
            stops it, or `cancel_without_client` is set.
        cancel_without_client (bool): True: when the client has left, the calls to upstreams that
            were made through `upstream` or with `call_context` are ended, and the handler's method
            where it waits for one of them; an ``async def`` method wherever it waits. The access
            log has the request with 499. False, the default: the work goes on.
        json_object_type (type or None): the class of objects in a decoded body. OrderedDict keeps
            the order of names on Python 2, too. None: this handler reads no JSON, so a large body
            is not decoded.
        json_validator (JSONSchema, callable, mapping or None): what a body must be like. It is
            checked when `read_json_object` or `read_json_array` is called; a large one before the
            handler's method runs, in steps. A function gets the decoded body and returns None, or
            an iterable of :class:`BodyError`, of ``(pointer, text)`` or of text, for the errors; or
            raises `InvalidInput`. A generator that yields None lets other requests have their turn.
            A mapping has a validator for each method: ``{"POST": NEW, "PATCH": CHANGES}``.
    """

    # For handlers

    def read_json_object(self, object_type=None):
        # type: (Optional[Type[dict]]) -> Dict[Text, Any]
        """Return the request's body as a dict. A large body is decoded once, to the same dict.

        Refused are, beside what is not JSON: names given twice in one object, NaN and infinities,
        text that is not UTF-8, integers of more than 4300 digits, and more than 64 levels.

        Args:
            object_type (type): the class of objects; default: `json_object_type`. If it is another
                class, a large body is decoded again, at once.
        Raises:
            InvalidInput: the body is not a JSON object. If you do not catch it, the response is a
                400 with the reason.
            InvalidBody: it is not what `json_validator` asks for. The same, with the places.
        """
        object_type = object_type or self.json_object_type or dict
        if self._is_decoded(object_type):
            value = as_object(self._decoded_body())
        else:
            value = decode_json_object(self.body, object_type)
        if self.json_validator is not None:
            self._validate(value)
        return value

    def read_json_array(self, object_type=None):
        # type: (Optional[Type[dict]]) -> List[Any]
        """Return the request's body as a list; otherwise like :meth:`read_json_object`."""
        object_type = object_type or self.json_object_type or dict
        if self._is_decoded(object_type):
            value = as_array(self._decoded_body())
        else:
            value = decode_json_array(self.body, object_type)
        if self.json_validator is not None:
            self._validate(value)
        return value

    def write_json(self, value, status=200):
        # type: (Any, int) -> None
        """Write ``value`` as JSON in UTF-8. The request is finished by Tornado as usual.

        A `waterspout.EncodedJSON` is written as it is. A large value is encoded when the request
        is finished: do not change it until then, and see :meth:`encoding_failed`.

        Raises:
            ValueError or TypeError: ``value`` holds what JSON cannot represent (NaN, a set).
                Nothing was written.
            RuntimeError: a value was written already. Two are not one JSON text. To replace it,
                call ``clear()`` before; to stream several, ``flush()`` after each.
        """
        if self._value_is_written:
            raise RuntimeError(
                "write_json() was called twice for one response; call clear() in between to "
                "replace the value, or flush() to stream several"
            )
        if is_large(value):
            self._write_later(value)
            self.set_status(status)
        else:
            text = encode_json(value)
            self.set_status(status)
            self.write(text)
        self._value_is_written = True

    def finish_after(self, future, answer):
        # type: (Future[Any], Callable[[Future[Any]], None]) -> None
        """Call ``answer(future)`` when ``future`` is done, then finish the request.

        The cheapest way to pass on one call: no coroutine waits. Call it last in a method that is
        not a coroutine. What ``answer`` raises is answered as if the method had raised it.

        Args:
            future (Future): of a call of an SDK, say. In place of one that was cancelled ``answer``
                gets one that failed with :class:`CallCancelled`.
            answer (callable): asks its argument for ``result()`` and writes the response.
        """
        self._auto_finish = False
        if self.cancel_without_client:
            self._running, self._is_finished_after = future, True
        answered = functools.partial(self._answer, answer)
        continue_with = getattr(future, "continue_with", None)
        if continue_with is not None:  # The Future of an SDK's or a session's call.
            continue_with(answered)
        else:
            future.add_done_callback(keeping_context(answered))

    def _answer(self, answer, future):
        self._running = None
        if self._finished:
            return
        if future.cancelled():
            future = rejected(CallCancelled())
        try:
            if answer(future) is not None:
                raise TypeError(
                    "finish_after() needs a function that returns None: a coroutine would not run")
            if not self._finished:
                self.finish()
        except (Exception, CancelledError) as error:
            self._answer_exception(error)

    def upstream(self, key):
        # type: (Any) -> Any
        """Return the application's SDK for calls on behalf of this request.

        The calls carry its id, its ``traceparent``, its deadline and `upstream_headers`. Closing
        what is returned does nothing: the SDK is shared. A part of the SDK that was made with it,
        such as ``self.instances = InstanceAPI(self)``, makes calls without these; see
        `BaseSDK.in_context`.

        Args:
            key (type or native str): the class of the SDK, or its name in
                ``Application(upstreams=...)``.
        Raises: LookupError: there is no such SDK, or more than one of the class.
        """
        application = self.application  # type: Any
        sdk = getattr(application, "upstreams", NO_UPSTREAMS).find(key)
        headers = self.upstream_headers()
        context = self.call_context
        return sdk.in_context(context.with_headers(headers) if headers else context)

    def upstream_headers(self):
        # type: () -> Optional[Mapping[str, Any]]
        """Hook: return header fields for calls by `upstream`, such as those of the tenant.

        None, the default, adds none. None as a value removes a field of the SDK.
        """
        return None

    # Methods that Tornado calls

    def data_received(self, chunk):
        """Store the body, whose length the application has checked.

        Returns: None, or a Future that is done when a large body is decoded. Tornado waits for it.
        """
        self.body += chunk
        if len(chunk) >= LARGE_BYTES:
            return self._decode_in_turns()

    def set_default_headers(self):
        """Set Content-Type, nosniff, and for an allowed origin the CORS header fields."""
        self.set_header("Content-Type", CONTENT_TYPE)
        self.set_header("X-Content-Type-Options", NOSNIFF)
        self.clear_header("Server")
        origin_check = getattr(self.application, "origin_check", None)
        if origin_check is not None and origin_check.allowed_origins:
            self.set_header("Vary", "Origin")
            origin = origin_check.allowed(self.request.headers)
            if origin is not None:  # Pages of this origin may read the response.
                self.set_header("Access-Control-Allow-Origin", origin)

    def _begin_headers(self):
        origin_check = getattr(self.application, "origin_check", None)
        if (
            raw_method(type(self), "set_default_headers") is _SET_DEFAULT_HEADERS
            and raw_method(type(self), "set_header") is tornado_methods.SET_HEADER
            and raw_method(type(self), "clear_header") is tornado_methods.CLEAR_HEADER
            and (origin_check is None or not origin_check.allowed_origins)
        ):
            # What set_default_headers() would have set.
            id_header = id_header_of(self)
            line = b""
            if id_header is not None:
                request_id = context_of(self.request, id_header).request_id
                line = to_bytes("%s: %s\r\n" % (id_header, request_id), "ascii")
            self._headers = UsualHeaders(line)
        else:
            super(JSONHandler, self)._begin_headers()

    def set_status(self, status_code, reason=None):
        """Like Tornado's, but every status has a reason, and one with line breaks is not sent.

        Tornado 5.1 raises ValueError for an unregistered status without a reason, such as 499.
        """
        if reason is None or not _REASON.match(reason):
            reason = reason_phrase(status_code)
        super(JSONHandler, self).set_status(status_code, reason)

    def decode_argument(self, value, name=None):
        """Like Tornado's, but bytes that are not UTF-8 become U+FFFD instead of an error.

        No sensible pattern for an argument matches U+FFFD. Surrogates, which Python 2 decodes,
        become U+FFFD, too.
        """
        if value is None:  # Of an optional group of the route that is not there.
            return None
        return _SURROGATE.sub(u"\ufffd".encode("utf-8"), value).decode("utf-8", "replace")

    def finish(self, chunk=None):
        """Like Tornado's, with fewer steps where nothing asks for more.

        It sends an ordinary JSON response at once: no transform of the application changes it, it
        sets no cookie, and neither it nor its class wants anything of its own done.
        """
        if not self._finishes_plainly():
            return super(JSONHandler, self).finish(chunk)
        if chunk is not None:
            self.write(chunk)
        pieces, self._write_buffer = self._write_buffer, []
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        headers, connection = self._headers, self.request.connection
        if type(headers) is UsualHeaders:
            headers.set_content_length(len(body))
        else:
            headers.setdefault("Content-Length", str(len(body)))
        self._headers_written = True
        if _sends_in_one_step(connection):
            sent = connection.respond(self._status_code, self._reason, headers, body)
        else:
            connection.set_close_callback(None)
            line = httputil.ResponseStartLine("", self._status_code, self._reason)
            sent = connection.write_headers(line, headers, body)
            connection.finish()
        self._log()
        self._finished = True
        self.on_finish()
        self._break_cycles()
        return sent

    def _finishes_plainly(self):
        # type: () -> bool
        """Whether Tornado's ``finish`` would do no more than send what was written."""
        if (
            self._finished
            or self._headers_written
            or self._transforms
            or self._large_value is not None
            or self._status_code in _WITHOUT_BODY
            or "_new_cookie" in self.__dict__
            or raw_method(type(self), "flush") is not _FLUSH
            or not tornado_methods.finishes_as_released()
        ):
            return False
        if self.request.method not in ("GET", "HEAD"):
            return True
        return (
            self.request.method == "GET"
            and raw_method(type(self), "compute_etag") is _COMPUTE_ETAG
            and raw_method(type(self), "set_etag_header") is tornado_methods.SET_ETAG_HEADER
            and self._headers.get("Etag") is None
        )

    def compute_etag(self):
        """Return None: no cache compares these responses, so hashing them is not worth it."""
        return None


def _sends_in_one_step(connection):
    # type: (Any) -> bool
    """Whether this is a connection of waterspout's server whose methods are its own."""
    if "respond" not in vars(type(connection)):  # Another class, a wrapper, or a subclass.
        return False
    replaced = vars(connection)
    return "write_headers" not in replaced and "finish" not in replaced


_COMPUTE_ETAG = raw_method(JSONHandler, "compute_etag")
_FLUSH = raw_method(JSONHandler, "flush")
_SET_DEFAULT_HEADERS = raw_method(JSONHandler, "set_default_headers")


class ErrorHandler(JSONHandler):
    """Answers any method with one error: an unknown path, a body that is too long.

    Subclass it together with your own handler to give these responses your error envelope, and
    pass the class to :class:`Application`.
    """

    def initialize(self, status_code, why=None, exc_info=None, headers=None):
        # type: (int, Optional[str], Optional[Any], Optional[Mapping[str, str]]) -> None
        """Called by Tornado with what the application passes.

        Args:
            status_code (int): of the response.
            why (native str): a sentence for the client; default: the usual one for the status.
            exc_info (tuple): of a bug that is logged and answered with 500.
            headers (mapping): header fields of the response; left out if there are none.
        """
        self.SUPPORTED_METHODS = (self.request.method,)  # Tornado would answer others with 405.
        self._exc_info = exc_info
        if exc_info is None:
            why = why or MESSAGES.get(status_code) or reason_phrase(status_code)
            self._refusal = Refusal(status_code, why, headers)

    def prepare(self):
        """Raise the error, before the handler's method would run."""
        if self._exc_info is not None:
            raise_exc_info(self._exc_info)
        raise self._refusal


ErrorHandler._plain_prepare = raw_method(ErrorHandler, "prepare")
