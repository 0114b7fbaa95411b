"""Text as HTML: nothing that a request, a response or an upstream says can become markup."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING
from waterspout.service._operations.debug_page.masking import as_text

if TYPE_CHECKING:
    from typing import Any, Iterable, Sequence, Text  # noqa: F401

#: Control characters, and those that change the direction in which text is shown.
_UNSEEN = re.compile(
    u"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")

_ENTITIES = ((u"&", u"&amp;"), (u"<", u"&lt;"), (u">", u"&gt;"), (u'"', u"&quot;"),
             (u"'", u"&#39;"))


def escaped(value):
    # type: (Any) -> Text
    """Return ``value`` as HTML. Characters that cannot be seen become U+FFFD."""
    text = _UNSEEN.sub(u"\ufffd", as_text(value))
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return text


def element(name, content, kind=u""):
    # type: (Text, Text, Text) -> Text
    """Return an element.

    Args:
        content (text): HTML already.
        kind (text): the class; of the page's own.
    """
    return u"<%s%s>%s</%s>" % (name, u' class="%s"' % kind if kind else u"", content, name)


def table(rows, head=(), kind=u""):
    # type: (Iterable[Sequence[Text]], Sequence[Text], Text) -> Text
    """Return a table; all cells are HTML already. Without a head the first cells are headings."""
    parts = []
    if head:
        parts.append(element(u"thead", element(u"tr", u"".join(
            u'<th scope="col">%s</th>' % cell for cell in head))))
    for row in rows:
        cells = [element(u"td", cell) for cell in row]
        if not head:
            cells[0] = u'<th scope="row">%s</th>' % row[0]
        parts.append(element(u"tr", u"".join(cells)))
    return element(u"table", u"".join(parts), kind)
