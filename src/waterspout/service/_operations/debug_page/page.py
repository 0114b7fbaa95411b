"""The debug page of one request, as HTML that loads nothing and runs no script."""

from __future__ import absolute_import, division, print_function

import base64
import hashlib

from waterspout._compat import TYPE_CHECKING, VERSIONS
from waterspout._version import __version__
from waterspout.instrumentation.waterfall.scale import shown_seconds
from waterspout.instrumentation.waterfall.svg import STYLE as SVG_STYLE
from waterspout.service._operations.debug_page.body_section import body_section
from waterspout.service._operations.debug_page.calls_section import calls_section
from waterspout.service._operations.debug_page.markup import element, escaped, table
from waterspout.service._operations.debug_page.masking import (
    as_text,
    masked_field,
    masked_text,
)
from waterspout.service._operations.debug_page.style import STYLE
from waterspout.service._operations.debug_page.time_section import time_section

if TYPE_CHECKING:
    from typing import Any, Iterable, List, Text, Tuple  # noqa: F401

    from waterspout.service._operations.debug_page.debug_record import DebugRecord  # noqa: F401


def _hash(style):
    # type: (Any) -> str
    digest = hashlib.sha256(as_text(style).encode("utf-8")).digest()
    return "'sha256-%s'" % base64.b64encode(digest).decode("ascii")


#: Nothing but the two style sheets of the page. What got past the escaping could do nothing.
CONTENT_SECURITY_POLICY = str("; ".join([
    "default-src 'none'", "style-src %s %s" % (_hash(STYLE), _hash(SVG_STYLE)), "base-uri 'none'",
    "form-action 'none'", "frame-ancestors 'none'"]))

#: For a page that was saved. A page cannot say itself what may frame it.
_IN_PAGE = as_text(CONTENT_SECURITY_POLICY.rpartition(";")[0])

_PAGE = u"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title>
<style>%s</style></head>
<body>%s<main>%s</main>%s</body></html>
"""


def page_of(record):
    # type: (DebugRecord) -> bytes
    """Return the page, in UTF-8."""
    request = record.request
    target = masked_text(request.uri or "")
    title = u"%s %s %s" % (record.status_code, as_text(request.method or ""), target)
    sections = [time_section(record), calls_section(record.calls, record.upstream)]
    sections.append(_section(u"Response", u"".join([
        element(u"p", escaped(u"%s %s" % (record.status_code, as_text(record.reason)))),
        _fields(record.headers), body_section(record)])))
    sections.append(_section(u"Request", u"".join([
        element(u"p", u"<code>%s %s %s</code>" % (
            escaped(request.method or ""), escaped(target), escaped(request.version or ""))),
        _fields(request.headers.get_all())])))
    page = _PAGE % (
        _IN_PAGE, escaped(title), STYLE, _header(record, target), u"".join(sections), _footer())
    return page.encode("utf-8", "replace")


def _header(record, target):
    # type: (DebugRecord, Text) -> Text
    status, request = record.status_code or 0, record.request
    kind = u"badge" + (u" bad" if status >= 500 else u" warn" if status >= 400 else u"")
    facts = [
        (u"Time", shown_seconds(record.total)),
        (u"Request id", record.context.request_id or u"none"),
        (u"Client", request.remote_ip or u"unknown"),
        (u"Worker", u"process %d" % record.worker),
    ]
    return element(u"header", u"".join([
        element(u"span", escaped(u"%s %s" % (status, as_text(record.reason))), kind),
        element(u"h1", u"<code>%s %s</code>" % (escaped(request.method or ""), escaped(target))),
        element(u"dl", u"".join(
            u"<div><dt>%s</dt><dd><code>%s</code></dd></div>" % (name, escaped(fact))
            for name, fact in facts))]))


def _section(title, content):
    # type: (Text, Text) -> Text
    return element(u"section", element(u"h2", title) + content)


def _fields(pairs):
    # type: (Iterable[Tuple[Any, Any]]) -> Text
    rows = [(escaped(masked_text(name, 100)), u"<code>%s</code>" % escaped(
        masked_field(name, value))) for name, value in pairs]  # type: List[Tuple[Text, Text]]
    return table(rows, kind=u"fields") if rows else u""


def _footer():
    # type: () -> Text
    return element(u"footer", u"This page is in place of the response, which had the status and "
                   u"the fields above, because the request came with the debug secret. Secrets "
                   u"that are recognised by their names are masked. waterspout %s, Tornado %s, "
                   u"Python %s." % (__version__, VERSIONS["tornado"], VERSIONS["python"]))
