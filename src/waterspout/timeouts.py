"""ClientTimeout: how long each phase of a call may take.

Three places enforce it: `waterspout._net.timeout_sweep` for the pooled transport,
`waterspout.transports.borrowed.phase_timeouts` for the transports on other libraries' clients, and
`waterspout._driver.hook_wait` while a hook is awaited.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types

if TYPE_CHECKING:
    from typing import Optional, Tuple, Union  # noqa: F401

    TimeoutTypes = Union[None, float, Tuple[Optional[float], Optional[float]], "ClientTimeout"]

_NAMES = ("connect", "read", "pool", "total")

#: Not numbers, although ``float()`` takes them; urllib3 refuses them too.
_NOT_NUMBERS = string_types + (bytearray, bool)


class ClientTimeout(object):
    """How long each phase of a call may take, in float seconds; ``None`` means no limit.

    It is the value of ``timeout=``. `waterspout.Timeout` is the exception that a call raises when
    one of these limits is reached, as in requests.

    Args:
        connect: to resolve the name, connect and complete the TLS handshake. The wait for a free
            connection is not included: ``pool`` limits that.
        read: between two bytes of the response, and until the first. It does not limit how long
            an iterator given as ``data=`` takes to produce its next piece; ``total`` does.
        pool: to wait for a free connection; the same as ``connect`` unless given.
        total: for the whole call, with waiting, redirects, and what hooks wait for.

    Raises: TypeError for anything that is not a number; ValueError for a number that is not above
        0.

    Source: ``connect`` and ``read`` as in requests, ``pool`` as in httpx, the class's name as in
    aiohttp. `aiohttp.ClientTimeout` differs: its ``connect`` includes the wait for a free
    connection (ours corresponds to its ``sock_connect``, ``read`` to ``sock_read``) and its
    ``total`` is 300 s by default. An object of that class is refused with a TypeError.
    """

    __slots__ = _NAMES

    if TYPE_CHECKING:
        connect = None  # type: Optional[float]
        read = None  # type: Optional[float]
        pool = None  # type: Optional[float]
        total = None  # type: Optional[float]

    def __init__(self, connect=None, read=None, pool="connect", total=None):
        # type: (Optional[float], Optional[float], Union[None, float, str], Optional[float]) -> None
        values = (connect, read, connect if pool == "connect" else pool, total)
        for name, seconds in zip(_NAMES, values):
            object.__setattr__(self, name, _seconds(name, seconds))

    @classmethod
    def of(cls, value):
        # type: (TimeoutTypes) -> ClientTimeout
        """Return the ClientTimeout that ``timeout=value`` means.

        As in requests, a number limits connect and read each, and ``(connect, read)`` splits them.

        Raises: TypeError for a value of another type, such as a list, text, or the timeout of
            another library; ValueError for numbers that are not above 0, and for a tuple of
            another length.
        """
        if isinstance(value, cls):
            return value
        if type(value) in _PLAIN_NUMBERS and value > 0:  # type: ignore[operator]
            return _same_for_each(float(value))  # type: ignore[arg-type]
        if isinstance(value, tuple) and len(value) != 2:
            raise ValueError(
                "timeout=%r: a tuple is (connect, read), in seconds; "
                "for more use waterspout.ClientTimeout" % (value,)
            )
        try:
            return cls(*value) if isinstance(value, tuple) else cls(value, value)  # type: ignore[arg-type]
        except TypeError:
            raise TypeError(_refusal(value))

    @property
    def missed_deadline(self):
        # type: () -> str
        """What errors say when the time for the whole call is over.

        If that is a `waterspout.Deadline`'s, a call's options have a timeout without ``total``.
        """
        if self.total is None:
            return "not finished before its deadline"
        return "not finished within %g s in total" % self.total

    def __reduce__(self):
        """To be pickled with any protocol, and copied."""
        return type(self), tuple(getattr(self, name) for name in _NAMES)

    def __setattr__(self, name, value):
        raise AttributeError("a ClientTimeout is immutable; make another")

    def __eq__(self, other):
        # type: (object) -> bool
        if not isinstance(other, ClientTimeout):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _NAMES)

    def __ne__(self, other):  # py2: not derived from __eq__
        # type: (object) -> bool
        return not self == other

    def __hash__(self):
        # type: () -> int
        return hash(tuple(getattr(self, name) for name in _NAMES))

    def __repr__(self):
        # type: () -> str
        return "ClientTimeout(%s)" % ", ".join(
            "%s=%r" % (name, getattr(self, name)) for name in _NAMES)


_set_connect, _set_read, _set_pool, _set_total = [
    ClientTimeout.__dict__[name].__set__ for name in _NAMES]

#: Numbers that ``float()`` converts without an error, unlike other classes of numbers.
_PLAIN_NUMBERS = frozenset([float, int])


def _same_for_each(seconds):
    # type: (float) -> ClientTimeout
    """``ClientTimeout(seconds, seconds)`` for a valid number, without checking it four times."""
    timeout = ClientTimeout.__new__(ClientTimeout)
    _set_connect(timeout, seconds)
    _set_read(timeout, seconds)
    _set_pool(timeout, seconds)
    _set_total(timeout, None)
    return timeout


def without_total(timeout):
    # type: (ClientTimeout) -> ClientTimeout
    """The same without a limit for the whole call; its numbers are not checked again."""
    twin = ClientTimeout.__new__(ClientTimeout)
    _set_connect(twin, timeout.connect)
    _set_read(twin, timeout.read)
    _set_pool(twin, timeout.pool)
    _set_total(twin, None)
    return twin


def _seconds(name, value):
    if value is None:
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = None
    if seconds is None or isinstance(value, _NOT_NUMBERS):
        raise TypeError("timeout: %s=%r is not a number of seconds" % (name, value))
    if not seconds > 0:  # And not "<=": it refuses NaN as well.
        raise ValueError("timeout: %s=%r is not a number of seconds above 0" % (name, value))
    return seconds


def _refusal(value):
    kind = type(value)
    name = kind.__name__
    if kind.__module__ != object.__module__:
        name = "%s.%s" % (kind.__module__, name)
    text = ("timeout= takes a number of seconds, a tuple (connect, read) of them, None, or "
            "waterspout.ClientTimeout(connect=..., read=..., total=...), not %s: %r"
            % (name, value))
    if isinstance(value, list):
        return text + "; write timeout=%r" % (tuple(value),)
    if isinstance(value, BaseException):
        return text + "; waterspout.Timeout is the exception"
    if kind.__module__.partition(".")[0] == "aiohttp":
        # Its ``connect`` is left out: it includes the wait that is ours to limit with ``pool``.
        return text + ("; aiohttp's sock_connect is connect here, its sock_read is read, and its "
                       "total is total")
    return text
