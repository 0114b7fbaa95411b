"""A large request body parsed as JSON in short steps, by the rules in ``checks.py``."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING
from waterspout._json_text.reader import LargeText
from waterspout.service._json_bodies import checks
from waterspout.service.exceptions import InvalidInput

if TYPE_CHECKING:
    from typing import Any, Generator, Optional, Text, Type  # noqa: F401

#: Bytes: a body of this size or more is decoded in steps. A smaller one takes a millisecond or
#: two at once.
LARGE_BYTES = 64 * 1024

#: Bytes that are checked, or decoded to text, in one step.
_STEP_BYTES = 256 * 1024

# The beginning of a body that may hold more than one token.
_LONG_JSON = re.compile(br"[ \t\r\n]*(?:\[|\{|\")")


class LargeBody(object):
    """Decodes a large body in short steps, for `waterspout._driver.turns.in_turns`.

    Args:
        body (bytes): the whole body.
        object_type (type): the class of decoded objects.
    """

    def __init__(self, body, object_type=dict):
        # type: (bytes, Type[dict]) -> None
        self.object_type = object_type
        self._body = body
        self._value = None  # type: Any
        self._refusal = None  # type: Optional[InvalidInput]

    @staticmethod
    def suits(body):
        # type: (bytes) -> bool
        """Return whether the body is large and may be JSON that takes long to decode."""
        return len(body) >= LARGE_BYTES and _LONG_JSON.match(body) is not None

    def result(self):
        # type: () -> Any
        """Return the decoded body; call it when `steps` has ended.

        Raises: InvalidInput: the body breaks a rule.
        """
        if self._refusal is not None:
            raise self._refusal
        return self._value

    def steps(self):
        # type: () -> Generator[None, None, None]
        """Decode, one step for each ``next()``. A refusal is kept and raised by `result`."""
        pieces, body = [], self._body
        self._body = b""
        try:
            checks.refuse_byte_order_mark(body)
            for at in range(0, len(body), _STEP_BYTES):
                checks.refuse_raw_surrogates(body[at:at + _STEP_BYTES + 1])
                yield
            at = 0
            while at < len(body):
                end = _character_end(body, at + _STEP_BYTES)
                pieces.append(checks.decode_utf8(body[at:end], at))
                at = end
                yield
            del body
            text = _StrictText(u"".join(pieces), self.object_type)
            del pieces
            yield
            for _ in text.steps():
                yield
            self._value = text.result()
        except InvalidInput as error:
            self._refusal = error
        except ValueError as error:
            self._refusal = checks.not_json(error)


class _StrictText(LargeText):
    """A text decoded in steps with the same checks as a small body."""

    def __init__(self, text, object_type):
        # type: (Text, Type[dict]) -> None
        super(_StrictText, self).__init__(text, checks.decoder_for(object_type, len(text)))
        self.new_object = object_type
        self._containers = frozenset([list, object_type])
        self._too_deep = self._half_pair = False
        self._suspicious = checks.may_hold_half_pairs(text)

    def end_object(self, value, members):
        if len(value) != members:
            raise InvalidInput(checks.NAME_TWICE)

    def opened(self, depth):
        self._too_deep = self._too_deep or depth > checks.MAX_DEPTH
        try:
            super(_StrictText, self).opened(depth)
        except RuntimeError:
            raise InvalidInput(checks.TOO_DEEP)

    def decoded(self, value, depth, start, end):
        if value.__class__ in self._containers and not self._too_deep:
            levels = checks.MAX_DEPTH - depth
            self._too_deep = checks.is_deeper(value, levels, self._containers)
        if self._suspicious and not self._half_pair:
            if checks.may_hold_half_pairs(self._text, start, end):
                self._half_pair = checks.holds_half_pair(value)

    def result(self):
        # type: () -> Any
        """Return the value. Raises InvalidInput for depth and half pairs, once the rest is right,
        as for a small body."""
        if self._too_deep:
            raise InvalidInput(checks.TOO_DEEP)
        if self._half_pair:
            raise InvalidInput(checks.HALF_PAIR)
        return self.value


def _character_end(body, end):
    # type: (bytes, int) -> int
    """Return ``end``, or the start of the UTF-8 character that it would cut (3 bytes before it
    at most)."""
    for back in range(min(4, end)):
        if body[end - back:end - back + 1] < b"\x80" or body[end - back:end - back + 1] >= b"\xc0":
            return end - back
    return end  # Not UTF-8, which decoding will find.
