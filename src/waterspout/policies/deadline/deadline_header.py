"""DeadlineHeader: the header field that carries the time that is left."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.value import PolicyValue, field_name, optional, seconds

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

#: Each unit, how many of it a second has, and the digits after the point that are sent.
_UNITS = {"s": (1.0, 3), "ms": (1e3, 0), "us": (1e6, 0)}

#: A number as programs write it; no sign, no exponent. 16 digits are 300 years in microseconds.
_is_number = re.compile(r"[0-9]{1,16}(\.[0-9]{0,9})?\Z").match


class DeadlineHeader(PolicyValue):
    """How the time that is left for a request stands in a header field. There is no standard.

    Args:
        name (native str): of the field.
        unit (native str): ``"s"``, ``"ms"`` or ``"us"``: seconds (with decimals), milliseconds,
            microseconds.
        default (float seconds or None): for requests without the field; None: no deadline.
        most (float seconds or None): what is more in a request is taken for this.
        least (float seconds): a request or a call with less time left is refused, since it would
            end too late anyway.
    Raises: TypeError, ValueError.
    """

    __slots__ = ("name", "unit", "default", "most", "least")

    if TYPE_CHECKING:
        name = ""
        unit = ""
        default = None  # type: Optional[float]
        most = None  # type: Optional[float]
        least = 0.0

    def __init__(self, name="X-Request-Timeout-Ms", unit="ms", default=None, most=None, least=0.0):
        # type: (str, str, Optional[float], Optional[float], float) -> None
        if not isinstance(name, str):
            raise ValueError("name=%r is not the name of a header field" % (name,))
        if unit not in _UNITS:
            raise ValueError('unit=%r: choose "s", "ms" or "us"' % (unit,))
        self._set(
            name=field_name("name", name), unit=unit, default=optional(seconds, "default", default),
            most=optional(seconds, "most", most), least=seconds("least", least, True))

    def text_of(self, left):
        # type: (float) -> str
        """The field's value for ``left`` seconds; never more than these."""
        scale, digits = _UNITS[self.unit]
        left = left * scale if left > 0 else 0.0
        if not digits:
            return "%d" % left
        whole = 10 ** digits
        return "%.*f" % (digits, int(left * whole) / whole)

    def seconds_in(self, text):
        # type: (Optional[str]) -> Optional[float]
        """The float seconds that a request has which came with ``text`` in the field.

        None if there is no deadline: without the field, and without `default`.
        Raises: ValueError: it is no number.
        """
        if text is None:
            return self.default
        text = text.strip(" \t")
        if not _is_number(text):
            raise ValueError("%s is not a number of %s" % (self.name, self.unit))
        left = float(text) / _UNITS[self.unit][0]
        return left if self.most is None else min(left, self.most)
