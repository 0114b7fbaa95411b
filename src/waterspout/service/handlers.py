"""Handlers that speak JSON, errors included."""

from __future__ import absolute_import, division, print_function

import binascii
import json
import logging
import os
import re

import tornado.web
from tornado import gen, iostream
from tornado.escape import native_str, utf8
from tornado.util import raise_exc_info

from waterspout._compat import reject
from waterspout._json_text.writer import is_large
from waterspout.service._handler.large_json import LargeJSONHandler
from waterspout.service._json_bodies.strict_decoder import (
    LARGE_BYTES,
    as_array,
    as_object,
    decode_json_array,
    decode_json_object,
)
from waterspout.service.exceptions import Refusal
from waterspout.service.log_setup import one_line
from waterspout.service.reason_phrases import reason_phrase
from waterspout.service.upstream_failures import upstream_failure

_log = logging.getLogger("waterspout.service")

# A reason phrase we send: RFC 9112 section 4 without obs-text and tabs.
_REASON = re.compile(r"[\x20-\x7e]+\Z")

# As UTF-8 would have them, if it had any: RFC 3629 section 3 prohibits it.
_SURROGATE = re.compile(b"\xed[\xa0-\xbf][\x80-\xbf]")

#: nginx's status for a request whose client did not wait for the answer. It is logged, not sent.
CLIENT_LEFT = 499

# What to say where the reason phrase alone leaves one wondering.
_MESSAGES = {
    404: "nothing is served at this path",
    405: "this method is not served at this path",
    413: "the body is longer than this service accepts",
    500: "internal error; the log has it under this incident id",
}


@tornado.web.stream_request_body  # so that Tornado parses no multipart and no forms for us
class JSONHandler(LargeJSONHandler):
    """A request handler whose every answer is JSON.

    Override :meth:`error_body` to give errors your own shape.

    JSON of a hundred kilobytes and more is decoded before the handler's method runs, and encoded
    after it has ended, a step of some milliseconds at a time: other requests are answered in
    between. Both are given up when the client leaves.

    A `waterspout.RequestException` that a handler does not catch is answered with 502, with 504
    for timeouts and 503 for a full queue, and logged in one line without a traceback
    (``service/upstream_failures.py``).

    Attributes:
        body (bytes): the request's body, whole.
        client_left_after (float or None): seconds after which the client closed the connection
            without waiting for the answer; None while it is there. :meth:`on_connection_close` is
            called then; the handler runs on unless that stops it.
        json_object_type (type or None): what objects in the body become. OrderedDict keeps the
            order of names on Python 2 too. None for a handler that reads no JSON, so that none
            is decoded for it.
    """

    body = b""
    _incident = None
    _client_left = False
    client_left_after = None
    _flushed = None  # The Future of the last flush().

    # For handlers

    def read_json_object(self, object_type=None):
        # type: (Optional[Type[dict]]) -> dict
        """The body as a dict; ``service/_json_bodies/strict_decoder.py`` says what is refused.

        Of a large body it is the same dict each time.

        Args:
            object_type (type): `json_object_type` unless given. A large body is decoded again,
                at once, if it is another one.
        Raises: InvalidInput: not a JSON object; leave it uncaught and it is answered as 400.
        """
        object_type = object_type or self.json_object_type or dict
        if self.is_decoded(object_type):
            return as_object(self.decoded_body())
        return decode_json_object(self.body, object_type)

    def read_json_array(self, object_type=None):
        # type: (Optional[Type[dict]]) -> list
        """The body as a list; otherwise as :meth:`read_json_object`."""
        object_type = object_type or self.json_object_type or dict
        if self.is_decoded(object_type):
            return as_array(self.decoded_body())
        return decode_json_array(self.body, object_type)

    def write_json(self, value, status=200):
        # type: (Any, int) -> None
        """Answer with ``value`` as JSON in UTF-8; the request is finished by Tornado as usual.

        A large value is encoded when the request is finished, while others are answered: leave
        it unchanged, and see :meth:`encoding_failed`.

        Raises: ValueError or TypeError: ``value`` holds what JSON cannot carry (NaN, a set).
        """
        if is_large(value):
            self.write_later(value)
            self.set_status(status)
            return
        text = encode_json(value)
        self.set_status(status)
        self.write(text)

    def encoding_failed(self, error):
        # type: (Exception) -> Exception
        """What to answer with when a large value cannot be encoded. A hook.

        Args:
            error (Exception): what :meth:`write_json` would have raised for a small one. It is
                the default, which is answered with 500.
        """
        return error

    def error_body(self, status, message, exception=None, incident=None):
        # type: (int, str, Optional[Exception], Optional[str]) -> dict
        """What an error answer holds. A hook: the default is ``{"error", "incident"}``.

        Args:
            status (int): the answer's status.
            message (native str): one sentence for the caller, free of internals.
            exception (Exception or None): what was raised, if anything was. Not for the caller.
            incident (native str or None): for a 500, what to look for in the log.
        """
        body = {"error": message}
        if incident is not None:
            body["incident"] = incident
        return body

    # What Tornado calls

    def data_received(self, chunk):
        """Keep the body; the application has seen to its length.

        Returns: None, or a Future: the body is being decoded, and not to be called complete yet.
        """
        self.body += chunk
        if len(chunk) >= LARGE_BYTES:
            return self.decode_in_turns()

    def set_default_headers(self):
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.clear_header("Server")
        origin_check = getattr(self.application, "origin_check", None)
        if origin_check is not None and origin_check.allowed_origins:
            self.set_header("Vary", "Origin")
            origin = origin_check.allowed(self.request.headers)
            if origin is not None:  # Its pages may read the answers.
                self.set_header("Access-Control-Allow-Origin", origin)

    def set_status(self, status_code, reason=None):
        """As Tornado's, but any status has a reason, and one with line breaks is not sent.

        Tornado 5.1 raises for an unregistered status without a reason (nginx's 499, say).
        """
        if reason is None or not _REASON.match(reason):
            reason = reason_phrase(status_code)
        super(JSONHandler, self).set_status(status_code, reason)

    def decode_argument(self, value, name=None):
        """As Tornado's, but bytes that are not UTF-8 do not end the request before it began.

        They become U+FFFD, which no sensible pattern for an argument allows. So do surrogates,
        which Python 2 takes for UTF-8.
        """
        return _SURROGATE.sub(u"\ufffd".encode("utf-8"), value).decode("utf-8", "replace")

    def compute_etag(self):
        """None: answers are computed, hashing them for a cache that is not there is waste."""
        return None

    def finish(self, chunk=None):
        """As Tornado's; while the server drains, the client is told to reconnect elsewhere.

        With a large value to be encoded, the answer is sent later.
        """
        if self.has_large_value:
            return self.finish_later(chunk, encode_json)
        if getattr(self.application, "draining", False):
            self.request.announced_close = True  # for the server, which keeps this promise
        if getattr(self.request, "announced_close", False):
            self.set_header("Connection", "close")
        return super(JSONHandler, self).finish(chunk)

    def flush(self, *args, **kwargs):
        """As Tornado's, but the Future ends with StreamClosedError when the client leaves.

        Tornado forgets it then, and a handler that waits for it would wait without end. A large
        value, which should have been left to `finish`, is encoded now.
        """
        self.write_now(encode_json)
        self._flushed = super(JSONHandler, self).flush(*args, **kwargs)
        return self._flushed

    def send_error(self, status_code=500, **kwargs):
        """As Tornado's; an uncaught error of a call to another service has a status of its own."""
        error = _exception_in(kwargs)
        if isinstance(error, iostream.StreamClosedError) and self._client_is_gone():
            # As with an aborted download: the request is ended, and no answer is sent.
            self.set_status(CLIENT_LEFT)
            if not self._finished:
                self.finish()
            return
        failure = upstream_failure(error)
        super(JSONHandler, self).send_error(
            status_code if failure is None else failure.status_code, **kwargs
        )

    def write_error(self, status_code, **kwargs):
        """Tornado's hook for every error; ours for its shape is :meth:`error_body`."""
        exception = _exception_in(kwargs)
        refusal = exception if isinstance(exception, Refusal) else upstream_failure(exception)
        if refusal is not None:
            message = refusal.why
            for name, value in refusal.headers.items():
                self.set_header(name, value)
        else:
            message = _MESSAGES.get(status_code, self._reason)
        if status_code == 500 and self._incident is None and not self._client_left:
            self._note_incident(None)
        if status_code == 405:
            self.set_header("Allow", ", ".join(_verbs_of(type(self))))
        body = self.error_body(status_code, message, exception, self._incident)
        self.finish(encode_json(body))

    def log_exception(self, typ, value, tb):
        """Log our own bugs with their traceback, under the id that the answer carries."""
        if isinstance(value, tornado.web.HTTPError) and value.status_code != 500:
            if value.log_message:
                _log.info("%s: %s", type(self).__name__, value)
            return
        if isinstance(value, iostream.StreamClosedError) and self._client_is_gone():
            return  # It was waiting for a client that is gone; nobody is there to be told.
        failure = upstream_failure(value)
        if failure is not None:
            _log.warning(
                "%s.%s failed with %d: %s: %s",
                type(self).__name__,
                self.request.method.lower(),
                failure.status_code,
                type(value).__name__,
                one_line(value),
            )
            return
        self._note_incident((typ, value, tb))

    def on_connection_close(self):
        """Called when the client closes the connection before it was answered."""
        self._note_that_client_left()
        super(JSONHandler, self).on_connection_close()

    def _note_that_client_left(self):
        if self._client_left:
            return
        self._client_left = True
        self.client_left_after = self.request.request_time()
        if self._flushed is not None and not self._flushed.done():
            reject(self._flushed, iostream.StreamClosedError())
            self._flushed.exception()  # so that one which is not waited for is not complained of

    def _client_is_gone(self):
        # A write can fail before the close callback was called.
        stream = getattr(self.request.connection, "stream", None)
        if stream is not None and stream.closed():
            self._note_that_client_left()
        return self._client_left

    def _note_incident(self, exc_info):
        self._incident = native_str(binascii.hexlify(os.urandom(8)))
        _log.error(
            "Incident %s in %s.%s",
            self._incident,
            type(self).__name__,
            self.request.method.lower(),
            exc_info=exc_info,
        )

    def _execute(self, transforms, *args, **kwargs):
        """Tornado's whole handling of a request, with an answer even if that is cancelled.

        Before 6.5 a handler that awaits a Future somebody cancels is never heard of again and
        its client waits for ever (tornado#2990). There is no public place to see that.
        """
        future = gen.convert_yielded(
            super(JSONHandler, self)._execute(transforms, *args, **kwargs)
        )
        future.add_done_callback(self._executed)
        return future

    def _executed(self, future):
        """Leave no client waiting, and no request in flight, for which nothing happens any more."""
        if self._finished:
            return
        if future.cancelled():
            self.send_error(500)
        elif future.exception() is not None or self._auto_finish:
            # An error while an error was answered; Tornado has logged it.
            self.request.connection.close()
            self.application.request_ended(self.request)


class ErrorHandler(JSONHandler):
    """Answers any verb with one and the same error: an unknown path, a body too large."""

    def initialize(self, status_code, why=None, exc_info=None):
        # type: (int, Optional[str], Optional[Tuple]) -> None
        """``exc_info`` is of a bug, to be logged, for which this is the answer."""
        self._exc_info = exc_info
        if exc_info is None:
            self._refusal = Refusal(status_code, why or _MESSAGES[status_code])

    def prepare(self):
        if self._exc_info is not None:
            raise_exc_info(self._exc_info)
        raise self._refusal


def encode_json(value):
    # type: (Any) -> bytes
    """Compact JSON in UTF-8, readable in a terminal in any language."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    if "\\u" not in text:  # Asked first, because Python 2 is seven times as fast at ASCII.
        return utf8(text)
    try:
        return utf8(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
    except UnicodeError:  # half a surrogate pair, which only the escaped form can say
        return utf8(text)


def _exception_in(kwargs):
    """What was raised, of the keywords that Tornado passes to ``send_error``."""
    return kwargs.get("exc_info", (None, None, None))[1]


def _verbs_of(handler_class):
    # type: (type) -> list
    """The verbs a handler class implements, in Tornado's order."""
    return [
        verb
        for verb in handler_class.SUPPORTED_METHODS
        if getattr(handler_class, verb.lower()) != getattr(tornado.web.RequestHandler, verb.lower())
    ]
