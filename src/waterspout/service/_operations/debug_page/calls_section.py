"""The upstream calls of a request: a waterfall, and a table with each attempt."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation import CallCancelled, CallFailed, waterfall
from waterspout.instrumentation.waterfall.scale import shown_seconds
from waterspout.service._operations.debug_page.markup import element, escaped, table
from waterspout.service._operations.debug_page.masking import as_text, masked_text
from waterspout.service.log_lines import one_line

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401

    from waterspout.service._operations.debug_page.upstream_calls import (  # noqa: F401
        UpstreamCalls,
    )

_HEAD = (u"Call", u"To", u"Outcome", u"Connection", u"Time")

#: Columns of the waterfall.
_COLUMNS = 124

_MOST = 300


def calls_section(calls, seconds):
    # type: (UpstreamCalls, float) -> Text
    """Return the section as HTML."""
    title = element(u"h2", u"Upstream calls")
    if not calls.started:
        return element(u"section", title + element(
            u"p", u"This request has made none that carry its context.", u"weak"))
    parts = [title, element(u"p", escaped(_summary(calls, seconds)))]
    if calls.ended:
        picture = as_text(waterfall(calls.ended, _COLUMNS, "svg"))
        parts.append(element(u"div", picture, u"scroll"))
        rows = []  # type: List[List[Text]]
        for detail in sorted(calls.ended, key=lambda detail: detail.call.started):
            rows += _rows_of(detail, calls.retries.get(detail.call.id, []))
        parts.append(element(u"div", table(rows, _HEAD, u"number calls"), u"scroll"))
    return element(u"section", u"".join(parts))


def _summary(calls, seconds):
    # type: (UpstreamCalls, float) -> Text
    retries = sum(map(len, calls.retries.values()))
    text = u"1 call" if calls.started == 1 else u"%d calls" % calls.started
    text += u" in %s" % shown_seconds(seconds)
    if retries:
        text += u", with 1 retry" if retries == 1 else u", with %d retries" % retries
    running = calls.started - calls.finished
    if running:
        text += u"; %s not ended when the response was" % (
            u"1 had" if running == 1 else u"%d had" % running)
    if calls.finished > len(calls.ended):
        text += u"; the first %d are shown" % len(calls.ended)
    return text + u"."


def _rows_of(detail, retries):
    # type: (Any, List[Any]) -> List[List[Text]]
    """One for each exchange; the last one says how the call has ended."""
    rows = []
    for index, exchange in enumerate(detail.exchanges):
        is_last = index == len(detail.exchanges) - 1
        retried = next((each for each in retries if each.exchange == index), None)
        outcome = escaped(exchange.status_code or u"no response")
        if retried is not None:
            outcome += _retry(retried)
        elif is_last:
            outcome += _end(detail)
        trace = exchange.trace
        rows.append([
            _name(detail, index, exchange), escaped(masked_text(exchange.origin)), outcome,
            _connection(trace), escaped(shown_seconds(trace.total))])
    if not rows:
        rows.append([_name(detail, 0, None), escaped(masked_text(detail.call.origin)),
                     u"not sent" + _end(detail), u"", escaped(shown_seconds(detail.seconds))])
    return rows


def _name(detail, index, exchange):
    # type: (Any, int, Any) -> Text
    if index == 0:
        return u"<code>%s</code>" % escaped(masked_text(detail.call.name, _MOST))
    word = u"redirect or challenge" if exchange.waited is None else u"again"
    return u'<span class="weak">%s</span>' % word


def _retry(retried):
    # type: (Any) -> Text
    """Why an attempt was repeated."""
    why = u"" if retried.error is None else u": " + _error(retried.error)
    return u'<br><span class="weak">sent again after %s</span>%s' % (
        escaped(shown_seconds(retried.delay)), why)


def _end(detail):
    # type: (Any) -> Text
    if isinstance(detail, CallCancelled):
        return u'<br><span class="weak">cancelled</span>'
    if isinstance(detail, CallFailed):
        return u'<br><span class="bad">%s</span>' % _error(detail.error)
    return u""


def _error(error):
    # type: (BaseException) -> Text
    return escaped(masked_text(u"%s: %s" % (
        type(error).__name__, as_text(one_line(error, _MOST))), _MOST))


def _connection(trace):
    # type: (Any) -> Text
    if trace.reused is None:
        return u""
    text = u"kept" if trace.reused else u"new"
    if trace.attempts and trace.attempts > 1:
        text += u", in place of one that was stale"
    return text
