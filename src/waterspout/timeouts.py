"""Timeout: how long each phase of a call may take."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Optional, Tuple, Union  # noqa: F401

_NAMES = ("connect", "read", "pool", "total")

#: Attributes of urllib3's, httpx's and aiohttp's timeouts, and of a timedelta.
_OTHERS = ("connect_timeout", "connect", "total_seconds")


class Timeout(object):
    """Limits in float seconds; ``None`` means no limit.

    Args:
        connect: to resolve the name, connect and shake hands.
        read: between two bytes of the response (and until the first). It does not limit how long
            a body that is read while it is sent takes to give its next piece; ``total`` does.
        pool: to wait for a free connection; as long as ``connect`` unless given.
        total: for the whole call: waiting, redirects, and what hooks wait for included.

    Source: ``connect`` and ``read`` as in requests; ``pool`` as in httpx.
    """

    __slots__ = _NAMES

    def __init__(self, connect=None, read=None, pool="connect", total=None):
        # type: (Optional[float], Optional[float], Union[None, float, str], Optional[float]) -> None
        values = (connect, read, connect if pool == "connect" else pool, total)
        for name, seconds in zip(_NAMES, values):
            object.__setattr__(self, name, _seconds(name, seconds))

    @classmethod
    def of(cls, value):
        # type: (Union[None, float, Tuple[Optional[float], Optional[float]], Timeout]) -> Timeout
        """The Timeout that requests' ``timeout=value`` means.

        A number limits connect and read each, ``(connect, read)`` splits them.
        Raises: TypeError for another library's timeout; ValueError for anything else, for zero
            and for less.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, tuple):
            if len(value) != 2:
                raise ValueError(
                    "timeout=%r: a tuple is (connect, read), in seconds; "
                    "for more use waterspout.Timeout" % (value,)
                )
            return cls(*value)
        try:
            return cls(value, value)  # type: ignore[arg-type]
        except ValueError:
            if any(hasattr(value, name) for name in _OTHERS):
                raise TypeError(
                    "timeout= takes seconds, (connect, read) or waterspout.Timeout(connect=..., "
                    "read=..., total=...), not %s.%s: %r"
                    % (type(value).__module__, type(value).__name__, value)
                )
            raise

    def __reduce__(self):
        """To be pickled with any protocol, and copied."""
        return type(self), tuple(getattr(self, name) for name in _NAMES)

    def __setattr__(self, name, value):
        raise AttributeError("a Timeout does not change; make another")

    def __eq__(self, other):
        if not isinstance(other, Timeout):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _NAMES)

    def __ne__(self, other):  # py2: not derived from __eq__
        return not self == other

    def __hash__(self):
        return hash(tuple(getattr(self, name) for name in _NAMES))

    def __repr__(self):
        return "Timeout(%s)" % ", ".join("%s=%r" % (name, getattr(self, name)) for name in _NAMES)


def _seconds(name, value):
    if value is None:
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = None
    # "not >" and not "<=": it refuses NaN as well.
    if seconds is None or isinstance(value, bool) or not seconds > 0:
        raise ValueError("timeout: %s=%r is not a number of seconds above 0" % (name, value))
    return seconds
