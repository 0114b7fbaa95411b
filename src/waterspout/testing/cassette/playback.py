"""Replays a recorded interaction."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.testing._exchanges.answer import Answer, play
from waterspout.testing.cassette.errors import NotRecorded

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.testing.cassette.messages import Interaction  # noqa: F401
    from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange  # noqa: F401


def replay(exchange, interaction, io_loop, path, finished):
    # type: (BorrowedExchange, Interaction, Any, str, Callable[[], None]) -> None
    """Answer ``exchange``, whose body was read, without any delay; then call ``finished()``."""
    response = interaction.response
    error = _error(interaction, exchange.request, path)
    if response is None:
        exchange.raised(error)
        finished()
        return
    exchange.decoded = True
    headers = [field for field in response.headers.get_all()]
    if "Content-Length" in response.headers:
        # Together they are an error (RFC 9112 section 6.3), and an edited file may have both.
        headers = [field for field in headers if field[0].lower() != "transfer-encoding"]
    play(exchange, Answer(
        response.status_code, response.reason, headers,
        [(0.0, piece) for piece in response.pieces],
        failure=None if error is None else ("body", _Again(error), str(error))),
        io_loop, finished)


def _error(interaction, request, path):
    # type: (Interaction, PreparedRequest, str) -> Optional[Exception]
    if interaction.error is not None:
        return interaction.error.again(request)
    if interaction.response.complete:
        return None
    return NotRecorded(
        "%s %s: the recording in %s ends after %d bytes of the body: when it was made, the body "
        "was not read to its end. Record it again, and read all of it"
        % (request.method, request.parsed_url.for_messages, path,
           len(interaction.response.body)),
        request)


class _Again(object):
    """In the place of an error's class: returns the recorded error, with its text and phase."""

    def __init__(self, error):
        self._error = error

    def __call__(self, message, **about):
        return self._error
