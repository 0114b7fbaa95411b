"""Reads the cassettes of vcrpy: its YAML and JSON, and what it wrote before version 1.0."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, integer_types, string_types, text_type, to_native
from waterspout._decoding.content_codings import BodyDecoder
from waterspout.exceptions import ContentDecodingError
from waterspout.structures import Headers
from waterspout.testing.cassette._file.bodies import read_base64
from waterspout.testing.cassette._file.checks import Place
from waterspout.testing.cassette._file.format import read_status, read_url
from waterspout.testing.cassette.coded_bodies import without_codings
from waterspout.testing.cassette.messages import (
    Interaction,
    RecordedRequest,
    RecordedResponse,
)

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401

#: Bytes that a compressed body of a cassette may have once decompressed.
_MAX_BODY_BYTES = 100 * 1024 * 1024

#: Tags that Python 2 and vcrpy before 1.0 wrote, of plain text, lists and mappings. No other tag of
#: Python is read: it could run any code.
_TEXT_TAGS = ("python/unicode", "python/str")
_LIST_TAGS = ("python/tuple", "python/object/apply:__builtin__.frozenset",
              "python/object/apply:builtins.frozenset")
_MAPPING_TAGS = ("python/object:vcr.request.Request",)
_TAG = "tag:yaml.org,2002:%s"


def load_yaml(text, path):
    # type: (Text, str) -> Any
    """The value of a YAML text, made of plain types only.

    Raises: ImportError: PyYAML is not installed; InvalidCassette.
    """
    try:
        import yaml
    except ImportError as error:
        raise ImportError('reading %s needs PyYAML: pip install "waterspout[cassettes]" (%s)'
                          % (path, error))

    class Loader(yaml.SafeLoader):
        """The loader of ``yaml.safe_load``, and a few more names of plain types."""

    for tag in _TEXT_TAGS:
        Loader.add_constructor(_TAG % tag, lambda loader, node: loader.construct_scalar(node))
    for tag in _LIST_TAGS:
        Loader.add_constructor(
            _TAG % tag, lambda loader, node: loader.construct_sequence(node, deep=True))
    for tag in _MAPPING_TAGS:
        Loader.add_constructor(
            _TAG % tag, lambda loader, node: loader.construct_mapping(node, deep=True))
    try:
        return yaml.load(text, Loader=Loader)
    # Its constructors raise ValueError and TypeError for odd values, RuntimeError for deep ones.
    except (yaml.YAMLError, ValueError, TypeError, RuntimeError) as error:
        raise Place(None, path).refuse("not YAML that is safe to read: %s" % error)


def is_of_vcrpy(value):
    # type: (Any) -> bool
    """Whether a file with this value is vcrpy's."""
    return isinstance(value, list) or isinstance(value, dict) and "format" not in value


def read_vcrpy(place):
    # type: (Place) -> List[Interaction]
    """Raises: InvalidCassette."""
    interactions = place
    if not isinstance(place.value, list):  # Which it was before version 1.0.
        version = place.member("version", 1)
        if version.a("a whole number") > 1:
            raise version.refuse("vcrpy's version %d is not known" % version.value)
        interactions = place.member("interactions")
    return [Interaction(_request(each.member("request")), _response(each.member("response")))
            for each in interactions.items()]


def _request(place):
    # type: (Place) -> RecordedRequest
    members = place.a("an object")
    if "uri" in members:
        url = read_url(place.member("uri"))
    else:
        url = read_url(place.with_value(u"%s://%s:%d%s" % (
            place.member("protocol").native(), place.member("host").native(),
            place.member("port").a("a whole number"), place.member("path").native())))
    headers = _headers(place.member("headers", {}))
    body = _body(place.member("body", None))
    decoded = without_codings(body, headers)
    # If it is text, a hook has decoded it before it was written.
    opaque = decoded is None and not _is_text(body)
    return RecordedRequest(place.member("method").native(), url, headers,
                           body if decoded is None else decoded, opaque)


def _is_text(body):
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _response(place):
    # type: (Place) -> RecordedResponse
    members = place.a("an object")
    if "status" in members:
        status = place.member("status")
        status_code, reason = read_status(status.member("code")), status.member("message", None)
    else:  # As it recorded httpx once.
        status_code, reason = read_status(place.member("status_code")), place.member("reason", None)
    headers = _headers(place.member("headers", {}))
    body = _body(place.member("content" if "content" in members else "body", None))
    if "Content-Length" in headers:
        # It states the length of a body that it has decoded beside the field of the chunked one.
        headers.pop("Transfer-Encoding", None)
    return RecordedResponse(
        status_code, "" if reason.value is None else reason.native("utf-8"), headers,
        [_decoded(body, headers, place)])


def _decoded(body, headers, place):
    # type: (bytes, Headers, Place) -> bytes
    """``body`` without its content codings, unless vcrpy has decoded it before."""
    coding = headers.get("Content-Encoding")
    if not coding or not body:
        return body
    try:
        decoder = BodyDecoder(coding, _MAX_BODY_BYTES)
    except ContentDecodingError as error:
        raise place.refuse(str(error))
    try:
        content = decoder.decode(body)
        decoder.finish()
    except ContentDecodingError:
        return body
    return content


def _headers(place):
    # type: (Place) -> Headers
    """From a mapping of names to a value or a list of them, or from lines or pairs."""
    headers = Headers()
    if not isinstance(place.value, list):
        for name, value in place.members():
            for each in value.items() if isinstance(value.value, list) else [value]:
                headers.add(name, _value(each))
        return headers
    fields = place.items()
    if len(fields) == 1 and isinstance(fields[0].value, list) and all(
            isinstance(each, list) for each in fields[0].value):
        fields = fields[0].items()  # A set of pairs.
    for field in fields:
        if isinstance(field.value, list):
            if len(field.value) != 2:
                raise field.refuse("must be a name and a value")
            name, value = field.items()
            headers.add(name.native(), _value(value))
        else:
            name, _, value = field.native().partition(":")
            headers.add(name, value.strip())
    return headers


def _value(place):
    # YAML makes numbers of what was not quoted.
    if isinstance(place.value, integer_types) and not isinstance(place.value, bool):
        return str(place.value)
    if isinstance(place.value, bytes):
        return to_native(place.value, "latin-1")
    return place.native()


def _body(place):
    # type: (Place) -> bytes
    value = place.value
    if isinstance(value, dict):
        if "base64_string" in value:
            return read_base64(place.member("base64_string"))
        return _body(place.member("string", None))
    if value is None:
        return b""
    if not isinstance(value, string_types):
        raise place.refuse("must be text or binary data")
    return value.encode("utf-8") if isinstance(value, text_type) else value
