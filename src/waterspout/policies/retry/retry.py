"""Retry: the value of ``retry=``."""

from __future__ import absolute_import, division, print_function

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING, integer_types, string_types
from waterspout._encoding.header_checks import valid_method
from waterspout.exceptions import InvalidHeader
from waterspout.policies.retry.budget import RetryBudget
from waterspout.policies.retry.urllib3_retry import arguments_of
from waterspout.policies.value import PolicyValue, count, field_name, flag, optional, seconds

if TYPE_CHECKING:
    from typing import Any, Dict, FrozenSet, Iterable, Optional, Tuple  # noqa: F401

#: The methods of which a repetition has no further effect (RFC 9110 section 9.2.2), as in urllib3.
IDEMPOTENT = frozenset(["DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"])
#: What `_of_total` has made.
_made = {}  # type: Dict[Tuple[Any, int], Retry]
_MADE_TOTALS = 16


class Retry(PolicyValue):
    """Which failed attempts of a call are repeated, how many, and after how long.

    The names and what they mean are urllib3's, where it has them. Redirects are not retries.

    Args:
        total (int or None): the number of retries, not of attempts; 0: none; None: only the other
            limits.
        connect: retries after failures to connect, where nothing was sent; with any method. None:
            limited by ``total`` only; likewise the next ones.
        read: retries after failures when the request may have reached the server.
        status: retries after responses.
        other: retries after errors of unknown kind, which a transport of your own may raise.
        allowed_methods: the methods that are retried if the request may have reached the server;
            None: any method.
        status_forcelist: the statuses that are retried.
        backoff_factor: seconds; before the n-th retry the call waits a random time up to
            ``backoff_factor * 2 ** (n - 1)``. urllib3 does not wait before the first one.
        backoff_max: seconds; the most that this can be.
        respect_retry_after_header: retry also responses 413, 429 and 503 with a Retry-After, and
            wait as long as a Retry-After says.
        retry_after_max: seconds; a response whose Retry-After is longer is not retried. (urllib3
            waits no longer than this and does retry it.)
        raise_on_status: raise a RetryError if the last response has a status of
            ``status_forcelist``. False: that response is the result.
        budget (RetryBudget or None): limits the retries of all calls to an upstream.
        idempotency_header (native str or None): the name of a field, such as "Idempotency-Key", in
            which requests with other methods get a key; then they are retried, too. For servers
            that know it only.
        timeouts: retry also after a limit of `waterspout.ClientTimeout` when the request may have
            reached the server. False: not then, since the server may still be working on it, and
            would do the work twice at the same time.

    Raises: TypeError, ValueError; the text has the argument and what it takes.
    """

    __slots__ = ("total", "connect", "read", "status", "other", "allowed_methods",
                 "status_forcelist", "backoff_factor", "backoff_max",
                 "respect_retry_after_header", "retry_after_max", "raise_on_status", "budget",
                 "idempotency_header", "timeouts")

    if TYPE_CHECKING:
        total = None  # type: Optional[int]
        connect = None  # type: Optional[int]
        read = None  # type: Optional[int]
        status = None  # type: Optional[int]
        other = None  # type: Optional[int]
        allowed_methods = None  # type: Optional[FrozenSet[str]]
        status_forcelist = frozenset()  # type: FrozenSet[int]
        backoff_factor = 0.1  # type: float
        backoff_max = 10.0  # type: float
        respect_retry_after_header = True  # type: bool
        retry_after_max = 30.0  # type: float
        raise_on_status = False  # type: bool
        budget = None  # type: Optional[RetryBudget]
        idempotency_header = None  # type: Optional[str]
        timeouts = True  # type: bool

    def __init__(
        self,
        total=2,  # type: Optional[int]
        connect=None,  # type: Optional[int]
        read=None,  # type: Optional[int]
        status=None,  # type: Optional[int]
        other=None,  # type: Optional[int]
        allowed_methods=IDEMPOTENT,  # type: Optional[Iterable[str]]
        status_forcelist=(502, 503, 504),  # type: Optional[Iterable[int]]
        backoff_factor=0.1,  # type: float
        backoff_max=10.0,  # type: float
        respect_retry_after_header=True,  # type: bool
        retry_after_max=30.0,  # type: float
        raise_on_status=False,  # type: bool
        budget=RetryBudget(),  # type: Optional[RetryBudget]  # noqa: B008  # It is immutable.
        idempotency_header=None,  # type: Optional[str]
        timeouts=True,  # type: bool
    ):
        # type: (...) -> None
        if budget is not None and not isinstance(budget, RetryBudget):
            raise TypeError("budget=%r: give a waterspout.RetryBudget or None" % (budget,))
        self._set(
            total=optional(count, "total", total, 0),
            connect=optional(count, "connect", connect, 0),
            read=optional(count, "read", read, 0),
            status=optional(count, "status", status, 0),
            other=optional(count, "other", other, 0),
            allowed_methods=_methods(allowed_methods),
            status_forcelist=_statuses(status_forcelist),
            backoff_factor=seconds("backoff_factor", backoff_factor, True),
            backoff_max=seconds("backoff_max", backoff_max, True),
            respect_retry_after_header=flag(
                "respect_retry_after_header", respect_retry_after_header),
            retry_after_max=seconds("retry_after_max", retry_after_max, True),
            raise_on_status=flag("raise_on_status", raise_on_status),
            budget=budget,
            idempotency_header=optional(field_name, "idempotency_header", idempotency_header),
            timeouts=flag("timeouts", timeouts),
        )

    @classmethod
    def of(cls, value):
        # type: (Any) -> Optional[Retry]
        """Return the Retry that ``retry=value`` means; None: no retries.

        Args:
            value: a Retry; the number of retries; None, False or 0 for none; an object of urllib3's
                ``Retry``, of any version, or of requests' ``HTTPAdapter``, whose ``max_retries``
                is taken.

        Raises: TypeError for anything else, also for True; ValueError for a negative number.
        """
        if value is None or value is False or isinstance(value, cls):
            return value or None
        if isinstance(value, integer_types) and value is not True:
            return _of_total(cls, value) if value else None
        if isinstance(value, type):
            raise TypeError(_refusal(value))
        arguments = arguments_of(value)
        if arguments is None:
            if hasattr(value, "max_retries"):
                return cls.of(value.max_retries)
            raise TypeError(_refusal(value))
        retry = cls(**arguments)
        # The default of an HTTPAdapter, for one.
        never = retry.total == 0 and not (retry.raise_on_status and retry.status_forcelist)
        return None if never else retry

    def allows_method(self, method):
        # type: (str) -> bool
        """Whether a request with ``method`` may be repeated after it may have been sent."""
        allowed = self.allowed_methods
        return allowed is None or method.upper() in allowed

    def __repr__(self):
        # type: () -> str
        shown = []
        for name in self.__slots__:
            value = getattr(self, name)
            # In the order of sets the text would differ from process to process.
            shown.append("%s=%r" % (name, sorted(value) if type(value) is frozenset else value))
        return "Retry(%s)" % ", ".join(shown)


def _of_total(cls, total):
    # type: (Any, int) -> Retry
    """``cls(total=total)``; small ones are made once, since each call may be given the number."""
    made = _made.get((cls, total))
    if made is None:
        made = cls(total=count("retry", total, 0))
        if total < _MADE_TOTALS:
            keep(_made, (cls, total), made, _MADE_TOTALS)
    return made


def _methods(value):
    # type: (Any) -> Optional[FrozenSet[str]]
    if value is None or value is False:
        return None
    text = "allowed_methods=%r: give a list of methods such as GET, or None for any" % (value,)
    try:
        if isinstance(value, string_types):
            raise TypeError
        methods = frozenset([valid_method(method) for method in value])
    except TypeError:
        raise TypeError(text)
    except InvalidHeader:
        raise ValueError(text)
    if not methods:
        # In urllib3 that is any method, and will be none: what is meant cannot be known.
        raise ValueError(text)
    return methods


def _statuses(value):
    # type: (Any) -> FrozenSet[int]
    if value is None:  # urllib3's default.
        return frozenset()
    text = "status_forcelist=%r: give a list of statuses such as 503" % (value,)
    try:
        if isinstance(value, string_types + (bytearray,)):
            raise TypeError
        statuses = frozenset([count("status", status, 0) for status in value])
    except TypeError:
        raise TypeError(text)
    except ValueError:
        raise ValueError(text)
    if any(not 100 <= status <= 999 for status in statuses):
        raise ValueError(text)
    return statuses


def _refusal(value):
    # type: (Any) -> str
    return ("retry=%r: give the number of retries, a waterspout.Retry, a Retry of urllib3, or None "
            "for no retries" % (value,))
