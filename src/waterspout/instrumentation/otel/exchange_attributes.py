"""What a call's span says of its exchanges: the last one in attributes, others in events."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.otel import span_attributes

if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, Optional, Tuple  # noqa: F401

    from waterspout.instrumentation.details import ObservedExchange  # noqa: F401


def attributes_of(exchanges):
    # type: (Tuple[ObservedExchange, ...]) -> Dict[str, Any]
    """The status and the phases of the last exchange, and how often the request was sent again."""
    attributes = {}  # type: Dict[str, Any]
    if not exchanges:
        return attributes
    last = exchanges[-1]
    if last.status_code is not None:
        attributes[span_attributes.STATUS_CODE] = last.status_code
    resent = len(exchanges) - 1
    for exchange in exchanges:
        if exchange.times and exchange.times[1]:
            resent += exchange.times[1] - 1  # In place of a stale connection.
    if resent:
        attributes[span_attributes.RESEND_COUNT] = resent
    if last.times:
        _add_phases(attributes, *last.times[:3])
    return attributes


def _add_phases(attributes, moments, attempts, reused):
    # type: (Dict[str, Any], Tuple[Optional[float], ...], Optional[int], Optional[bool]) -> None
    """Those of a `Trace`. Making one would double what the span of a call costs here."""
    previous = None  # type: Any
    for name, moment in zip(span_attributes.PHASES, moments):
        if moment is not None:
            if previous is not None:
                attributes[name] = moment - previous
            previous = moment
    if reused is not None:
        attributes[span_attributes.REUSED] = reused


def error_of_status(attributes):
    # type: (Dict[str, Any]) -> Optional[str]
    """The ``error.type`` of a client's span that has these attributes."""
    status_code = attributes.get(span_attributes.STATUS_CODE)
    return str(status_code) if status_code is not None and status_code >= 400 else None


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


def _end_of(exchange):
    # type: (ObservedExchange) -> Optional[float]
    if not exchange.times:
        return None
    return exchange.times[0][-1] or (exchange.times[3] if len(exchange.times) > 3 else None)
