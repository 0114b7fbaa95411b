"""LogObserver: one line for each call, and for what policies find out about upstreams.

::

    200 POST /object/{kind}/instance/_search (http://10.0.0.7:8079) 12.3ms upstream=InventorySDK
        queue=0.1ms connect=0.4ms first_byte=11.6ms body=0.2ms sent=34 received=2048 reused=no
        id=4bf92f3577b34da6a3ce929d0e0e4736
    failed GET (http://10.0.0.7:8079) 3001.2ms connect=3000.9ms sent=0: ConnectTimeout in connect:
        ...

    circuit breaker of http://10.0.0.7:8079 opened: 12 of 20 calls failed
    host http://10.0.0.8:8079 ejected for 2 s

(each is one line). A line has no path, query, header field or body, except for what an error's text
says.
"""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING, integer_types
from waterspout._log_text import one_line
from waterspout.instrumentation.host_names import host_name
from waterspout.instrumentation.observer import Observer
from waterspout.models.traces import PHASES

if TYPE_CHECKING:
    from typing import Any, Iterable, List, Optional, Union  # noqa: F401

    from waterspout.instrumentation import details  # noqa: F401
    from waterspout.models.traces import Trace  # noqa: F401
    from waterspout.policies.balancer import HostChange  # noqa: F401
    from waterspout.policies.circuit_breaker import CircuitChange  # noqa: F401

#: Characters of a line, at most.
_MAX_LINE = 1000

#: Milliseconds that a phase must take to be shown; less would be shown as 0.0.
_SHOWN = 0.05


class LogObserver(Observer):
    """Logs one line for each call, for `Session`, `BaseSDK` and their subclasses.

    ::

        session = waterspout.Session(observers=[waterspout.instrumentation.LogObserver(slow=0.5)])

    At DEBUG; at WARNING if the call was slow, if it failed, or if its status is 500 or more. A
    cancelled call is at DEBUG, however long it took. What is not logged costs less than a
    microsecond. Requests of the service kit are in its access log.

    Retries are counted in the line of their call. A circuit breaker that opens and a host that is
    ejected are at WARNING, one that tries its upstream, is closed or is back at INFO.

    Args:
        slow (float seconds or None): calls that take as long are slow; None: none is. A streamed
            response ends when it was read to its end, so reading is part of its time.
        logger (logging.Logger or native str): default: ``"waterspout.calls"``.
    Raises: TypeError or ValueError: an argument is none of these.
    """

    def __init__(self, slow=1.0, logger=None):
        # type: (Optional[float], Union[logging.Logger, str, None]) -> None
        if slow is not None:
            if not isinstance(slow, (float,) + integer_types):
                raise TypeError("slow must be a number of seconds or None, not %r" % (slow,))
            if not slow >= 0:  # Also refuses NaN.
                raise ValueError("slow must be 0 or more, not %r" % (slow,))
        self._slow = float("inf") if slow is None else slow
        if logger is None or isinstance(logger, str):
            logger = logging.getLogger(logger or "waterspout.calls")
        if not hasattr(logger, "isEnabledFor"):
            raise TypeError(
                "logger must be a logging.Logger or the name of one, not %r" % (logger,))
        self._logger = logger

    def call_done(self, detail):
        # type: (details.CallDone) -> None
        """Log its status."""
        is_plain = detail.time - detail.call.started < self._slow and detail.status_code < 500
        level = logging.DEBUG if is_plain else logging.WARNING
        if self._logger.isEnabledFor(level):
            self._write(level, str(detail.status_code), detail, detail.response_bytes)

    def call_failed(self, detail):
        # type: (details.CallFailed) -> None
        """Log the class, the phase and the text of the error."""
        if self._logger.isEnabledFor(logging.WARNING):
            error = detail.error
            outcome = ": %s%s: %s" % (
                type(error).__name__, " in %s" % detail.phase if detail.phase else "",
                one_line(error))
            self._write(logging.WARNING, "failed", detail, None, outcome)

    def call_cancelled(self, detail):
        # type: (details.CallCancelled) -> None
        """Log that it was."""
        if self._logger.isEnabledFor(logging.DEBUG):
            self._write(logging.DEBUG, "cancelled", detail, None)

    def circuit_changed(self, change):
        # type: (CircuitChange) -> None
        """Log what the circuit breaker does now, and why it has opened."""
        if change.after == "open":
            text = "opened: %d of %d calls failed" % (change.failures, change.calls)
            if change.before != "closed":
                text = "is open again: the call that tried it failed"
            level = logging.WARNING
        else:
            text = "closed" if change.after == "closed" else "is half-open: a call tries it"
            level = logging.INFO
        self._logger.log(
            level, "%s", one_line("circuit breaker of %s %s" % (change.origin, text), _MAX_LINE))

    def host_changed(self, change):
        # type: (HostChange) -> None
        """Log that a host gets no calls, or that it gets them again."""
        if change.after == "ejected":
            level, text = logging.WARNING, "ejected for %.3g s" % change.seconds
        else:
            level, text = logging.INFO, "is %s again" % change.after
        self._logger.log(
            level, "%s", one_line("host %s %s" % (host_name(change.host), text), _MAX_LINE))

    def _write(self, level, status, detail, received, outcome=""):
        # type: (int, str, Any, Optional[int], str) -> None
        call = detail.call
        traces = [exchange.trace for exchange in detail.exchanges if exchange.times]
        words = [status, call.name, "(%s)" % call.origin, "%.1fms" % (1000 * detail.seconds)]
        if call.upstream is not None:
            words.append("upstream=%s" % call.upstream)
        words += _phases(traces)
        if len(detail.exchanges) > 1:
            words.append("exchanges=%d" % len(detail.exchanges))
        retries = _retries(detail)
        if retries:
            words.append("retries=%d" % retries)
        attempts = sum(trace.attempts or 1 for trace in traces)
        if attempts > len(traces):
            words.append("attempts=%d" % attempts)
        if call.request_bytes is not None:
            words.append("sent=%d" % call.request_bytes)
        if received is not None:
            words.append("received=%d" % received)
        if traces and traces[-1].reused is not None:
            words.append("reused=%s" % ("yes" if traces[-1].reused else "no"))
        extra = None
        if call.context is not None and call.context.request_id is not None:
            words.append("id=%s" % call.context.request_id)
            extra = {"request_id": call.context.request_id}  # For lines of JSON.
        # The whole of it: names and ids are the program's, and may hold what a caller sent.
        self._logger.log(
            level, "%s", one_line(" ".join(words) + outcome, _MAX_LINE), extra=extra)


def _retries(detail):
    # type: (Any) -> int
    """How often the call was retried; of a failed one also if the last attempt sent nothing."""
    made = sum([exchange.waited is not None for exchange in detail.exchanges])
    return max(made, len(getattr(getattr(detail, "error", None), "retries", ())))


def _phases(traces):
    # type: (Iterable[Trace]) -> List[str]
    """Each phase that took time, in all exchanges together."""
    words = []
    for phase in PHASES:
        taken = 1000 * sum(getattr(trace, phase) or 0 for trace in traces)
        if taken >= _SHOWN:
            words.append("%s=%.1fms" % (phase, taken))
    return words
