"""Rows of a waterfall, made of whatever knows when a call did what."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, text_type, to_native
from waterspout.exceptions import RequestException
from waterspout.instrumentation.details import CallCancelled, CallDone, CallFailed
from waterspout.instrumentation.waterfall.phases import KEYS
from waterspout.models.response import Response

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple  # noqa: F401

#: Characters of a name that are shown.
_MAX_NAME = 200


class Row(object):
    """One exchange. That of a retry begins with the pause before it.

    Args, beside the attributes:
        times (tuple): those of a `Trace`.
        waited (float or None): seconds of the pause.
    Attributes:
        name (text): of the call, or that of its method for the following exchanges.
        outcome (native str): the status, or what ended it: ``"ReadTimeout"``, ``"cancelled"``.
        started, ended (float or None): monotonic seconds; None if nothing is known of them.
        spans (list of (key, start, end)): of `PHASES`, in order; they fill the row.
    """

    __slots__ = ("name", "outcome", "started", "ended", "spans")

    def __init__(self, name, outcome, times, started=None, ended=None, waited=None):
        # type: (str, str, Tuple, Any, Any, Optional[float]) -> None
        self.name = _printable(name)
        self.outcome = outcome
        self.spans = _spans(times)  # type: List[Tuple[str, float, float]]
        if self.spans:
            self.started, self.ended = self.spans[0][1], self.spans[-1][2]
        else:  # The transport knows no times of it.
            self.started, self.ended = started, ended
            if started is not None:
                self.spans = [("none", started, ended)]
        if waited and self.spans:
            self.spans.insert(0, ("pause", self.started - waited, self.started))
            self.started -= waited

    @property
    def seconds(self):
        # type: () -> Optional[float]
        """From its start to its end; None if nothing is known of them."""
        return None if self.started is None else self.ended - self.started


def rows_of(what):
    # type: (Any) -> List[Row]
    """The rows of a response, a detail, an error, or a list of these.

    Calls are in the order in which they began, those of which that is unknown last; the rows of one
    call stay together.
    Raises: TypeError: something else.
    """
    rows = _of_one(what)
    if rows is not None:
        return rows
    if isinstance(what, (BaseException, bytes, text_type)) or hasattr(what, "_fields"):
        raise _wrong(what)  # Another detail, which is a tuple, too.
    try:
        calls = [(each, _of_one(each)) for each in what]
    except TypeError:
        raise _wrong(what)
    for each, rows in calls:
        if rows is None:
            raise _wrong(each)
    known = [rows for _, rows in calls if rows]
    return [row for rows in sorted(known, key=_beginning) for row in rows]


def _beginning(rows):
    # type: (List[Row]) -> float
    return min([row.started for row in rows if row.started is not None] or [float("inf")])


def _of_one(what):
    # type: (Any) -> Optional[List[Row]]
    if isinstance(what, (CallDone, CallFailed, CallCancelled)):
        return _of_detail(what)
    if isinstance(what, Response):
        return [row for each in list(what.history) + [what] for row in _of_response(each)]
    return _of_error(what) if isinstance(what, RequestException) else None


def _of_detail(detail):
    call, rows = detail.call, []
    ended = ("cancelled" if isinstance(detail, CallCancelled) else
             type(detail.error).__name__ if isinstance(detail, CallFailed) else None)
    for index, exchange in enumerate(detail.exchanges):
        is_last = index == len(detail.exchanges) - 1
        outcome = str(exchange.status_code or ended or "-")
        if is_last and ended is not None and exchange.status_code is not None:
            outcome = "%d %s" % (exchange.status_code, ended)
        name = call.name if index == 0 else "  " + exchange.method
        if exchange.waited is not None:
            name += " again"
        rows.append(Row(name, outcome, exchange.times, call.started, detail.time,
                        exchange.waited if exchange.times else None))
    if not rows:  # It ended before its first exchange did.
        rows.append(Row(call.name, ended or "-", (), call.started, detail.time))
    return rows


def _of_response(response):
    # type: (Response) -> List[Row]
    name, retries = _named(response), response.retries
    rows = _of_attempts(name, retries, response.times[0][0] if response.times else None)
    rows.append(Row(name, str(response.status_code), response.times,
                    waited=retries[-1].waited if retries else None))
    return rows


def _of_attempts(name, retries, started):
    # type: (str, Tuple[Any, ...], Optional[float]) -> List[Row]
    """Those before the last one, which began at ``started`` (None: unknown)."""
    rows = []
    for index in reversed(range(len(retries))):
        attempt, ended = retries[index], None
        times = () if attempt.error is None else attempt.error.times
        if started is not None:
            ended = started - attempt.waited
            started = ended - attempt.seconds
        outcome = attempt.status_code or type(attempt.error).__name__
        rows.append(Row(name, str(outcome), times, started, ended,
                        retries[index - 1].waited if index else None))
    return rows[::-1]


def _of_error(error):
    response, rows = error.response, []
    if response is not None:
        rows = rows_of(response)
    request = error.request
    name = "-" if request is None else "%s %s" % (request.method, request.parsed_url.path)
    retries = error.retries if response is None else ()  # Those of the response are shown.
    rows += _of_attempts(name, retries, error.times[0][0] if error.times else None)
    if error.times:
        rows.append(Row(name, type(error).__name__, error.times,
                        waited=retries[-1].waited if retries else None))
    return rows


def _named(response):
    # Without the query, which often holds tokens.
    return "%s %s" % (response.request.method, response.request.parsed_url.path)


def _spans(times):
    # type: (Tuple) -> List[Tuple[str, float, float]]
    if not times:
        return []
    moments, failed = times[0], times[3] if len(times) > 3 else None
    spans, last = [], moments[0]
    for key, moment in zip(KEYS, moments[1:]):
        if moment is not None:
            moment = max(moment, last)  # A client's own clock may differ a little.
            spans.append((key, last, moment))
            last = moment
    if failed is not None and failed > last:
        spans.append(("none", last, failed))
    return spans


def _printable(name):
    # type: (Any) -> str
    """In one line, whatever it is."""
    shown = "".join(
        char if char.isalnum() or char in _PLAIN else "?" for char in to_native(name))
    return shown if len(shown) <= _MAX_NAME else shown[:_MAX_NAME - 3] + "..."


#: Beside letters and digits.
_PLAIN = frozenset(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def _wrong(what):
    return TypeError(
        "waterfall() shows a Response, a CallDone, CallFailed or CallCancelled, an error of a "
        "call, or a list of these, not %s" % type(what).__name__)
