"""RecordedStream: a response body that is recorded while it is read."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout._decoding.body_stream import BodyStream
from waterspout.exceptions import RequestException
from waterspout.models.failures import failure
from waterspout.testing.cassette.messages import RecordedError

if TYPE_CHECKING:
    from typing import Any, Optional, Type  # noqa: F401

    from waterspout.limits import Limits  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.testing.cassette.messages import Interaction  # noqa: F401


class RecordedStream(BodyStream):
    """Asks the stream below for one piece at a time, when the reader asks for it.

    Args:
        below (BodyStream): gives decoded pieces.
        interaction (Interaction): gets the pieces, and the error if there is one; its response is
            complete once the end was read.
    """

    def __init__(self, below, interaction, request, limits):
        # type: (BodyStream, Interaction, PreparedRequest, Limits) -> None
        super(RecordedStream, self).__init__(_Below(below, request), None, limits)
        self._below = below
        self._interaction = interaction
        self._pulling = False

    def read(self):
        here = super(RecordedStream, self).read()
        if not here.done() and not self._pulling:
            self._pulling = True
            piece = self._below.read()
            if piece.done():
                self._came(piece)
            else:
                piece.add_done_callback(self._came)
        return here

    def _came(self, piece):
        self._pulling = False
        error = piece.exception()
        if error is not None:
            if isinstance(error, RequestException):
                self._interaction.error = RecordedError.of(error)
            self.fail(error)
        elif piece.result():
            self._interaction.response.pieces.append(piece.result())
            self.feed(piece.result())
        else:
            self._interaction.response.complete = True
            self.end()


class _Below(object):
    """The ``source`` of a `RecordedStream`: pieces come one by one, so there is no pause."""

    def __init__(self, stream, request):
        self._stream = stream
        self._request = request
        self._started = monotonic()
        self.reading = None

    def pause(self):
        pass

    resume = pause

    def cancel(self):
        self._stream.close()

    def failure(self, error_class, what, cause=None):
        # type: (Type[RequestException], str, Optional[BaseException]) -> RequestException
        seconds = monotonic() - self._started
        return failure(error_class, self._request, what, "read", seconds, in_body=True)
