"""Mask: what is taken out of requests, responses and errors before they reach the disk."""

from __future__ import absolute_import, division, print_function

from collections import OrderedDict

from waterspout._compat import (
    TYPE_CHECKING,
    integer_types,
    string_types,
    text_type,
    to_bytes,
    to_native,
    to_text,
)
from waterspout.structures import Headers
from waterspout.testing.cassette._masking.bodies import BodyMask
from waterspout.testing.cassette._masking.charsets import changed_as_utf8
from waterspout.testing.cassette._masking.headers import HeaderMask
from waterspout.testing.cassette._masking.known_secrets import MASK, KnownSecrets
from waterspout.testing.cassette._masking.secret_names import SecretNames
from waterspout.testing.cassette._masking.text import TextMask
from waterspout.testing.cassette.json_text import USUAL, dumped, parsed_json, style_of
from waterspout.testing.cassette.messages import (
    Interaction,
    RecordedError,
    RecordedRequest,
    RecordedResponse,
)

if TYPE_CHECKING:
    from typing import Any, Iterable, List, Text  # noqa: F401


class Mask(object):
    """Masks by names first; what that finds is then taken out wherever it stands.

    Args:
        more_names (iterable of text): names whose values are secret too.
    """

    def __init__(self, more_names=()):
        # type: (Iterable[str]) -> None
        names = SecretNames(more_names)
        self._known = KnownSecrets()
        learn = self._known.learn
        self._text = TextMask(names, learn)
        self._headers = HeaderMask(names, learn, self._text)
        self._bodies = BodyMask(names, learn, self._text)

    def request(self, request):
        # type: (RecordedRequest) -> RecordedRequest
        """A masked copy; what is compared with the recorded requests."""
        return self._scrubbed_request(self._masked_request(request))

    def interactions(self, interactions):
        # type: (List[Interaction]) -> List[Interaction]
        """Masked copies. A secret of any of them is taken out of all."""
        masked = [self._masked(each) for each in interactions]
        return [self._scrubbed(each) for each in masked]

    def _masked(self, interaction):
        response, error = interaction.response, interaction.error
        return Interaction(
            self._masked_request(interaction.request),
            response and self._masked_response(response),
            error and self._error(error, self._text.message))

    def _scrubbed(self, interaction):
        response, error = interaction.response, interaction.error
        return Interaction(
            self._scrubbed_request(interaction.request),
            response and self._scrubbed_response(response),
            error and self._error(error, self._known.removed_from))

    def _masked_request(self, request):
        body = MASK.encode("ascii") if request.opaque else self._bodies.masked(
            request.content_type, request.body)
        headers = self._headers.masked(request.headers)
        return RecordedRequest(
            request.method, _native(self._text.urls, request.url),
            _with_length(headers, request.body, body), body)

    def _scrubbed_request(self, request):
        body = self._scrubbed_bytes(request.body)
        return RecordedRequest(
            request.method, _native(self._known.removed_from_url, request.url),
            _with_length(self._scrubbed_headers(request.headers), request.body, body), body)

    def _masked_response(self, response):
        masked = self._bodies.masked(response.content_type, response.body)
        return _with_body(response, masked, response.reason, self._headers.masked(response.headers))

    def _scrubbed_response(self, response):
        return _with_body(
            response, self._scrubbed_bytes(response.body),
            _native(self._known.removed_from, response.reason),
            self._scrubbed_headers(response.headers))

    def _scrubbed_headers(self, headers):
        return Headers([(name, _native(self._known.removed_from, value))
                        for name, value in headers.get_all()])

    def _scrubbed_bytes(self, body):
        # Binary data may look like UTF-16, and have the bytes of a secret.
        return self._scrubbed_text(changed_as_utf8(body, self._scrubbed_text))

    def _scrubbed_text(self, body):
        scrubbed = self._known.removed_from(body.decode("latin-1")).encode("latin-1")
        if scrubbed != body and parsed_json(scrubbed) is None:
            value = parsed_json(body)
            if value is not None:  # A number has the digits of a secret.
                return dumped(self._scrubbed_value(value), style_of(value, body) or USUAL).encode(
                    "utf-8")
        return scrubbed

    def _scrubbed_value(self, value):
        if isinstance(value, dict):
            return OrderedDict((self._scrubbed_value(name), self._scrubbed_value(each))
                               for name, each in value.items())
        if isinstance(value, list):
            return [self._scrubbed_value(each) for each in value]
        if isinstance(value, text_type):
            text = value.encode("utf-8").decode("latin-1")
            return self._known.removed_from(text).encode("latin-1").decode("utf-8")
        if isinstance(value, integer_types) and self._known.removed_from(
                u"%d" % value) == MASK:
            return 0
        return value

    @staticmethod
    def _error(error, change):
        text = change(to_bytes(error.text).decode("latin-1")).encode("latin-1").decode("utf-8")
        return RecordedError(error.kind, error.phase, error.may_have_been_sent, text)


def _native(change, value):
    return to_native(change(to_text(value, "latin-1")), "latin-1")


def _with_body(response, body, reason, headers):
    # type: (RecordedResponse, bytes, str, Headers) -> RecordedResponse
    """A copy of ``response`` with ``body``, in pieces of the same sizes as before."""
    pieces, at = [], 0
    for piece in response.pieces[:-1]:
        pieces.append(body[at:at + len(piece)])
        at += len(piece)
    pieces.append(body[at:])
    return RecordedResponse(response.status_code, reason,
                            _with_length(headers, response.body, body), pieces, response.complete)


def _with_length(headers, before, after):
    # type: (Headers, bytes, bytes) -> Headers
    """``headers`` that state the length of ``after``, if they stated that of ``before``."""
    if len(before) != len(after) and headers.get("Content-Length") == str(len(before)):
        headers["Content-Length"] = str(len(after))
    return headers


class NoMask(object):
    """``mask=False``: everything reaches the disk."""

    @staticmethod
    def request(request):
        # type: (RecordedRequest) -> RecordedRequest
        return request

    @staticmethod
    def interactions(interactions):
        # type: (List[Interaction]) -> List[Interaction]
        return interactions


def mask_of(mask):
    # type: (Any) -> Any
    """What ``mask=`` means. Raises: TypeError."""
    if mask is True:
        return Mask()
    if mask is False:
        return NoMask()
    if isinstance(mask, string_types) or not hasattr(mask, "__iter__"):
        raise TypeError("mask=%r: True, False, or more names whose values are secret" % (mask,))
    return Mask(mask)
