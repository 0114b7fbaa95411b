"""The base of JSONHandler that decodes and encodes large JSON in turns with other requests."""

from __future__ import absolute_import, division, print_function

import functools

import tornado.web
from tornado import iostream
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, Mapping
from waterspout._driver.turns import in_turns
from waterspout._json_text.writer import LargeValue
from waterspout.service._json_bodies.encoder import encode_json
from waterspout.service._json_bodies.large_body import LargeBody
from waterspout.service._validation.validation import Validation
from waterspout.service.exceptions import InvalidInput

if TYPE_CHECKING:
    from typing import Any, Callable, Generator, Optional, Tuple, Type  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401


class LargeJSONHandler(tornado.web.RequestHandler):
    """Decodes a large body before the handler's method runs and encodes a large value after it.

    Both stop when the client leaves. `JSONHandler` has the methods that users call.
    """

    body = b""
    json_object_type = dict  # type: Optional[Type[dict]]
    json_validator = None  # type: Any
    _validation = None  # type: Optional[Validation]  # Of a large body.
    _large_body = None  # type: Optional[LargeBody]
    _large_value = None  # type: Optional[Tuple[Any, int]]  # With its index in the write buffer.
    _value_is_written = False  # By `write_json`, since the last `clear` or `flush`.
    _steps = None  # type: Optional[Generator[None, None, None]]  # Of the decoding or encoding under way.

    def encoding_failed(self, error):
        # type: (Exception) -> Exception
        """Hook: return the exception that is answered when a large value cannot be encoded.

        Args:
            error (Exception): what :meth:`write_json` would have raised for a small value. The
                default returns it, and the response is a 500.
        """
        return error

    # The request's body

    def _decode_in_turns(self):
        # type: () -> Optional[Future[None]]
        """Start to decode the body if it is complete and looks like JSON.

        Returns: None, or a Future for ``data_received`` to return; until it is done, Tornado
            does not call the handler's method. It fails if the client leaves.
        """
        if (
            self.json_object_type is None
            or self._finished  # By an error in `prepare`.
            or not getattr(self.request, "body_is_whole", False)  # Not our Application.
            or not LargeBody.suits(self.body)
        ):
            return None
        self._large_body = LargeBody(self.body, self.json_object_type)
        self._steps = self._large_body.steps()
        if self.json_validator is not None:
            self._steps = self._validated(self._steps)
        return in_turns(self._steps, self._body_ended)

    def _validated(self, decoding):
        # type: (Generator[None, None, None]) -> Generator[None, None, None]
        """Decode, and then validate. What is wrong is kept until the body is read."""
        for _ in decoding:
            yield
        validator = self._validator()
        if validator is None:
            return
        try:
            value = self._decoded_body()
        except InvalidInput:
            return
        self._validation = Validation(validator, value)
        for _ in self._validation.steps():
            yield

    def _validator(self):
        # type: () -> Optional[Callable[[Any], Any]]
        """Return what validates the body of this request."""
        # Not `self.json_validator`: a function of the class would be a method of this handler.
        for owner in (self,) + type(self).__mro__:
            if "json_validator" in vars(owner):
                break
        validator = vars(owner)["json_validator"]
        if isinstance(validator, staticmethod):
            return validator.__func__
        if isinstance(validator, Mapping):
            return validator.get(self.request.method)
        return validator

    def _is_decoded(self, object_type):
        # type: (type) -> bool
        """Return whether the body was decoded in turns, with this class for objects."""
        return self._large_body is not None and self._large_body.object_type is object_type

    def _decoded_body(self):
        # type: () -> Any
        """Return the body that was decoded in turns. Raises: InvalidInput."""
        return self._large_body.result()

    def _validate(self, value):
        # type: (Any) -> None
        """Raise what is wrong with a decoded body. That of a large one was found before."""
        if self._validation is not None and value is self._large_body.result():
            self._validation.result()
            return
        validator = self._validator()
        if validator is not None:
            Validation(validator, value).run()

    def _body_ended(self):
        if self._steps is None:
            raise iostream.StreamClosedError()
        self._steps = None

    # The response's value

    def _write_later(self, value):
        # type: (Any) -> None
        """Like ``write``, but encode the value when the request is finished."""
        self._large_value = value, len(self._write_buffer)

    def _finish_later(self, chunk):
        # type: (Optional[bytes]) -> Future
        """Encode the large value in turns, then finish. An error is handled as if it was raised
        by the handler's method."""
        self._auto_finish = False
        (value, place), self._large_value = self._large_value, None
        if chunk is not None:
            self.write(chunk)
        work = LargeValue(value, encode_json, b",", b":")
        self._steps = work.steps()
        encoding = in_turns(self._steps, work.result)
        IOLoop.current().add_future(encoding, functools.partial(self._value_ended, place))
        return encoding

    def _value_ended(self, place, encoding):
        self._steps = None
        error = encoding.exception()
        try:
            if error is not None:
                raise self.encoding_failed(error)
            self._write_buffer.insert(place, encoding.result())
            self.finish()
        except Exception as error:
            self._handle_request_exception(error)

    # Methods that Tornado calls

    def clear(self):
        """Like Tornado's; a large value that was to be written is dropped, too."""
        self._large_value = None
        self._value_is_written = False
        super(LargeJSONHandler, self).clear()

    def flush(self, *args, **kwargs):
        """Like Tornado's; a large value, which is best left to `finish`, is encoded at once."""
        if self._large_value is not None:
            (value, place), self._large_value = self._large_value, None
            self._write_buffer.insert(place, encode_json(value))
        self._value_is_written = False
        return super(LargeJSONHandler, self).flush(*args, **kwargs)

    def finish(self, chunk=None):
        """Like Tornado's; with a large value, the response is sent once that is encoded."""
        if self._large_value is not None:
            return self._finish_later(chunk)
        return super(LargeJSONHandler, self).finish(chunk)

    def on_connection_close(self):
        """Stop decoding or encoding, unless the client may still read a response.

        It may if it has only ended its sending side. That is what a client that left looks like
        until something is sent.
        """
        stream = getattr(self.request.connection, "stream", None)
        if stream is None or stream.socket is None:
            steps, self._steps = self._steps, None
            if steps is not None:
                steps.close()
        super(LargeJSONHandler, self).on_connection_close()
