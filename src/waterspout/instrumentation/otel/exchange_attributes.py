"""What a call's span says of its exchanges: the last one in attributes, others in events."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.otel import span_attributes

if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, Optional, Tuple  # noqa: F401

    from waterspout.instrumentation.details import CallRetried, ObservedExchange  # noqa: F401


def attributes_of(exchanges):
    # type: (Tuple[ObservedExchange, ...]) -> Dict[str, Any]
    """The status and the phases of the last exchange, and how often the request was sent again."""
    attributes = {}  # type: Dict[str, Any]
    if not exchanges:
        return attributes
    _, _, status_code, last, _ = exchanges[-1]
    if status_code is not None:
        attributes[span_attributes.STATUS_CODE] = status_code
    resent = len(exchanges) - 1
    for _, _, _, times, _ in exchanges:
        if times and times[1]:
            resent += times[1] - 1  # In place of a stale connection.
    if resent:
        attributes[span_attributes.RESEND_COUNT] = resent
    if last:
        _add_phases(attributes, last[0])
        if last[2] is not None:
            attributes[span_attributes.REUSED] = last[2]
    return attributes


def _add_phases(attributes, moments):
    # type: (Dict[str, Any], Tuple[Optional[float], ...]) -> None
    """Those of a `Trace`. Making one would double what the span of a call costs here."""
    previous = moments[0]  # type: Any
    for name, moment in zip(span_attributes.PHASES, moments[1:]):
        if moment is not None:
            attributes[name] = moment - previous
            previous = moment


def events_of(exchanges):
    # type: (Tuple[ObservedExchange, ...]) -> Iterator[Tuple[Optional[float], Dict[str, Any]]]
    """For each exchange but the last its end, in monotonic seconds if known, and attributes."""
    for index, exchange in enumerate(exchanges[:-1]):
        attributes = span_attributes.origin_attributes(exchange.origin)
        attributes[span_attributes.METHOD] = exchange.method
        if exchange.status_code is not None:
            attributes[span_attributes.STATUS_CODE] = exchange.status_code
        if index:
            attributes[span_attributes.RESEND_COUNT] = index
        yield _end_of(exchange), attributes


def retry_attributes(detail):
    # type: (CallRetried) -> Dict[str, Any]
    """Why there is a retry, how long it waits, and the number of this sending of the request."""
    attributes = {
        span_attributes.RETRY_DELAY: detail.delay,
        span_attributes.RESEND_COUNT: detail.exchange + 1,
    }  # type: Dict[str, Any]
    if detail.status_code is not None:
        attributes[span_attributes.STATUS_CODE] = detail.status_code
        attributes[span_attributes.ERROR] = str(detail.status_code)
    else:
        attributes[span_attributes.ERROR] = span_attributes.class_name(detail.error)
    return attributes


def _end_of(exchange):
    # type: (ObservedExchange) -> Optional[float]
    if not exchange.times:
        return None
    return exchange.times[0][-1] or (exchange.times[3] if len(exchange.times) > 3 else None)
