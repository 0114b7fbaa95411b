"""A request body parsed as JSON at once, by the rules in ``checks.py``.

A body of ``LARGE_BYTES`` or more is decoded in steps instead, with the same results and the same
sentences (``large_body.py``), so that the service answers other requests meanwhile.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._json_bodies import checks
from waterspout.service.exceptions import InvalidInput

if TYPE_CHECKING:
    from typing import Any, Text, Type  # noqa: F401


def decode_json_object(body, object_type=dict):
    # type: (bytes, Type[dict]) -> dict
    """Decode a body that must be one JSON object.

    Args:
        body (bytes): the whole body.
        object_type (type): the class of decoded objects. OrderedDict keeps the order of names,
            which Python 2's dict does not.
    Returns: object_type, with text (unicode) keys and values.
    Raises:
        InvalidInput: the body breaks a rule or is not an object. No other error is raised,
            whatever the bytes.
    """
    return as_object(_decode(body, object_type, "object"))


def decode_json_array(body, object_type=dict):
    # type: (bytes, Type[dict]) -> list
    """Decode a body that must be one JSON array, as strictly as :func:`decode_json_object`."""
    return as_array(_decode(body, object_type, "array"))


def as_object(value):
    # type: (Any) -> dict
    """Return a decoded body. Raises InvalidInput if it is not an object."""
    if not isinstance(value, dict):
        raise InvalidInput("the body is JSON, but not an object")
    return value


def as_array(value):
    # type: (Any) -> list
    """Return a decoded body. Raises InvalidInput if it is not an array."""
    if not isinstance(value, list):
        raise InvalidInput("the body is JSON, but not an array")
    return value


def _decode(body, object_type, expected):
    # type: (bytes, Type[dict], str) -> Any
    text = _text(body)
    try:
        value = checks.decoding_for(object_type, len(text))(text)
    except InvalidInput:
        raise
    except ValueError as error:
        if not body.strip():
            raise InvalidInput("the body is empty; a JSON %s is expected" % expected)
        raise checks.not_json(error)
    except RuntimeError:  # RecursionError on Python 3, a subclass.
        raise InvalidInput(checks.TOO_DEEP)
    # Walk the value only if it has enough brackets to be that deep.
    if len(body) > 2 * checks.MAX_DEPTH and (
            body.count(b"[") + body.count(b"{") > checks.MAX_DEPTH):
        if checks.is_deeper(value, checks.MAX_DEPTH, frozenset([list, object_type])):
            raise InvalidInput(checks.TOO_DEEP)
    if checks.may_hold_half_pairs(text) and checks.holds_half_pair(value):
        raise InvalidInput(checks.HALF_PAIR)
    return value


def _text(body):
    # type: (bytes) -> Text
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None and len(text) == len(body):  # It is ASCII.
        return text
    checks.refuse_byte_order_mark(body)
    checks.refuse_raw_surrogates(body)
    return checks.decode_utf8(body) if text is None else text  # The former raises.
