"""The format of a cassette's file: JSON that a person reviews in a diff."""

from __future__ import absolute_import, division, print_function

from collections import OrderedDict

from waterspout import exceptions
from waterspout._compat import TYPE_CHECKING, to_text
from waterspout._encoding import urls
from waterspout.exceptions import RequestException
from waterspout.structures import Headers
from waterspout.testing.cassette._file.bodies import read_body, written_body
from waterspout.testing.cassette.messages import (
    Interaction,
    RecordedError,
    RecordedRequest,
    RecordedResponse,
    is_known,
)

if TYPE_CHECKING:
    from typing import Any, List  # noqa: F401

    from waterspout.testing.cassette._file.checks import Place  # noqa: F401

#: What the file says it is, and the version that is written. Older ones are read.
FORMAT = "waterspout cassette"
VERSION = 1

_PHASES = ("pool", "connect", "send", "read")


def written_file(interactions):
    # type: (List[Any]) -> OrderedDict
    """The value for the file.

    Args:
        interactions: as `written_interaction` returns them.
    """
    return OrderedDict([
        ("format", FORMAT), ("version", VERSION), ("interactions", interactions)])


def written_interaction(interaction):
    # type: (Interaction) -> OrderedDict
    request, response, error = interaction.request, interaction.response, interaction.error
    written = OrderedDict([("request", OrderedDict([
        ("method", _text(request.method)),
        ("url", _text(request.url)),
        ("headers", _written_headers(request.headers)),
        ("body", written_body([request.body] if request.body else [])),
    ]))])
    if response is not None:
        written["response"] = OrderedDict([
            ("status_code", response.status_code),
            ("reason", _text(response.reason)),
            ("headers", _written_headers(response.headers)),
            ("body", written_body([piece for piece in response.pieces if piece])),
        ])
        if not response.complete:
            written["response"]["complete"] = False
    if error is not None:
        written["error"] = OrderedDict([
            ("class", error.kind.__name__),
            ("phase", error.phase and _text(error.phase)),
            ("may_have_been_sent", bool(error.may_have_been_sent)),
            ("text", error.text),
        ])
    return written


def _written_headers(headers):
    # type: (Headers) -> OrderedDict
    written = OrderedDict()
    for name in headers:
        values = [_text(value) for value in headers.get_list(name)]
        written[_text(name)] = values[0] if len(values) == 1 else values
    return written


def _text(native):
    return to_text(native, "latin-1")


def read_interaction(place):
    # type: (Place) -> Interaction
    """Raises: InvalidCassette."""
    request = place.member("request")
    response, error = place.member("response", None), place.member("error", None)
    if response.value is None and error.value is None:
        raise place.refuse('has neither a "response" nor an "error"')
    return Interaction(
        RecordedRequest(
            request.member("method").native(), read_url(request.member("url")),
            _read_headers(request.member("headers", {})),
            b"".join(read_body(request.member("body", None)))),
        None if response.value is None else _read_response(response),
        None if error.value is None else _read_error(error))


def read_url(place):
    # type: (Place) -> str
    url = place.native("ascii")
    try:
        urls.parse(url)
    except RequestException as error:
        raise place.refuse(str(error))
    return url


def read_status(place):
    # type: (Place) -> int
    status_code = place.a("a whole number")
    if not 200 <= status_code <= 999:
        raise place.refuse("%d is not a final status code" % status_code)
    return status_code


def _read_response(place):
    return RecordedResponse(
        read_status(place.member("status_code")),
        place.member("reason", u"").native(),
        _read_headers(place.member("headers", {})),
        read_body(place.member("body", None)),
        place.member("complete", True).a("true or false"))


def _read_headers(place):
    headers = Headers()
    for name, value in place.members():
        for each in value.items() if isinstance(value.value, list) else [value]:
            headers.add(name, each.native())
    return headers


def _read_error(place):
    name = place.member("class")
    kind = getattr(exceptions, name.native("ascii"), None)
    if not is_known(kind):
        raise name.refuse("%r is not a class of waterspout.exceptions for a failed call"
                          % name.value)
    phase = place.member("phase", None)
    if phase.value is not None and phase.a("text") not in _PHASES:
        raise phase.refuse("%r is not one of %s" % (phase.value, ", ".join(_PHASES)))
    return RecordedError(
        kind, None if phase.value is None else phase.native(),
        place.member("may_have_been_sent", True).a("true or false"),
        to_text(place.member("text", u"").native("utf-8")))
