"""Where the time of a request went, as a bar and a table."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.waterfall.scale import shown_seconds
from waterspout.service._operations.debug_page.markup import element, escaped, table

if TYPE_CHECKING:
    from typing import List, Text, Tuple  # noqa: F401

    from waterspout.service._operations.debug_page.debug_record import DebugRecord  # noqa: F401

_WIDTH = 1000.0


def time_section(record):
    # type: (DebugRecord) -> Text
    """Return the section as HTML."""
    phases = phases_of(record)
    total = sum(seconds for _, _, _, seconds in phases)
    bars, left = [], 0.0
    for kind, name, _, seconds in phases:
        width = _WIDTH * seconds / total if total > 0 else 0.0
        bars.append(u'<rect class="%s" x="%.2f" width="%.2f" height="16"><title>%s: %s</title>'
                    u"</rect>" % (kind, left, width, name, shown_seconds(seconds)))
        left += width
    bar = (u'<svg class="bar" viewBox="0 0 1000 16" preserveAspectRatio="none" role="img">'
           u"<title>Phases of the request</title>%s</svg>" % u"".join(bars))
    rows = [(u'<span class="key %s"></span>%s' % (kind, name), u'<span class="weak">%s</span>'
             % meaning, escaped(shown_seconds(seconds))) for kind, name, meaning, seconds in phases]
    return element(u"section", element(u"h2", u"Time") + bar + table(rows, kind=u"number"))


def phases_of(record):
    # type: (DebugRecord) -> List[Tuple[Text, Text, Text, float]]
    """Return (class, name, meaning, seconds) of each; they add up to the whole time."""
    upstream = min(record.upstream, record.handling + record.sending)
    # A response may be sent while calls are under way.
    beside = max(0.0, upstream - record.handling)
    return [
        (u"recv", u"Receiving", u"from the head of the request to the end of its body",
         record.receiving),
        (u"own", u"Own work", u"of this service, before the response began",
         record.handling - (upstream - beside)),
        (u"up", u"Upstream calls", u"while at least one was under way", upstream),
        (u"send", u"Sending", u"from the head of the response to its end",
         record.sending - beside),
    ]
