"""What lets a handler take and give large JSON without holding up other requests."""

from __future__ import absolute_import, division, print_function

import functools

import tornado.web
from tornado import iostream
from tornado.ioloop import IOLoop

from waterspout._driver.turns import in_turns
from waterspout._json_text.writer import LargeValue
from waterspout.service._json_bodies.strict_decoder import LargeBody


class LargeJSONHandler(tornado.web.RequestHandler):
    """Decodes a large body before a handler's method runs, and encodes a large value after it.

    Both are given up when the client leaves. `JSONHandler` has what is for users.
    """

    json_object_type = dict
    _large_body = None  # type: Optional[LargeBody]
    _large_value = None  # type: Optional[Tuple[Any, int]]  # And where in the answer it belongs.
    _steps = None  # type: Optional[Iterator[None]]  # Of what is under way.

    # A body

    def decode_in_turns(self):
        # type: () -> Optional[Future[None]]
        """Begin, if the body is there and looks like JSON; until the end it is not complete.

        Returns: None, or a Future, as of ``data_received``. It fails if the client leaves.
        """
        if (
            self.json_object_type is None
            or self._finished  # As by an error in `prepare`.
            or not getattr(self.request, "body_is_whole", False)  # The application is not ours.
            or not LargeBody.suits(self.body)
        ):
            return None
        self._large_body = LargeBody(self.body, self.json_object_type)
        self._steps = self._large_body.steps()
        return in_turns(self._steps, self._body_ended)

    def is_decoded(self, object_type):
        # type: (Type[dict]) -> bool
        return self._large_body is not None and self._large_body.object_type is object_type

    def decoded_body(self):
        # type: () -> Any
        """Raises: InvalidInput: what is wrong with it."""
        return self._large_body.result()

    def _body_ended(self):
        if self._steps is None:
            raise iostream.StreamClosedError()
        self._steps = None

    # A value

    @property
    def has_large_value(self):
        # type: () -> bool
        return self._large_value is not None

    def write_later(self, value):
        # type: (Any) -> None
        """As ``write``, for a value that is encoded when the request is finished."""
        self._large_value = value, len(self._write_buffer)

    def write_now(self, encode):
        # type: (Callable[[Any], bytes]) -> None
        """Encode that value, if there is one, at once."""
        if self._large_value is not None:
            (value, place), self._large_value = self._large_value, None
            self._write_buffer.insert(place, encode(value))

    def finish_later(self, chunk, encode):
        # type: (Optional[bytes], Callable[[Any], bytes]) -> Future
        """Encode that value in turns, and finish then; an error is answered as if it was raised."""
        self._auto_finish = False
        (value, place), self._large_value = self._large_value, None
        if chunk is not None:
            self.write(chunk)
        work = LargeValue(value, encode, b",", b":")
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

    # What Tornado calls

    def clear(self):
        """As Tornado's: what was to be answered with is forgotten."""
        self._large_value = None
        super(LargeJSONHandler, self).clear()

    def on_connection_close(self):
        steps, self._steps = self._steps, None
        if steps is not None:
            steps.close()
        super(LargeJSONHandler, self).on_connection_close()
