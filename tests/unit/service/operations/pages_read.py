"""A debug page, read as a browser reads it."""

from __future__ import absolute_import, division, print_function

try:
    from html.parser import HTMLParser
except ImportError:  # py2
    from HTMLParser import HTMLParser

import re

#: Elements without an end.
_VOID = frozenset(["br", "meta"])


class _Reader(HTMLParser):
    def __init__(self):
        HTMLParser.__init__(self)
        self.elements, self.texts, self._open = [], [], []

    def handle_starttag(self, tag, attributes):
        self.handle_startendtag(tag, attributes)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, tuple(sorted(name for name, _ in attributes))))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, "%s ends, but is not the innermost" % tag
        self.texts.append((tuple(self._open), "/" + tag, u""))

    def handle_data(self, data):
        self.texts.append((tuple(self._open), "", data))

    def handle_entityref(self, name):  # py2
        self.handle_data({"lt": u"<", "gt": u">", "amp": u"&", "quot": u'"'}[name])

    def handle_charref(self, name):  # py2
        self.handle_data({"39": u"'"}[name])

    def handle_comment(self, data):
        raise AssertionError("a comment: %r" % data)

    def close(self):
        HTMLParser.close(self)
        assert self._open == []


class Page(object):
    """Attributes: html (text); elements (list of (name, attributes)); title, body (text)."""

    def __init__(self, response):
        self.response = response
        self.html = response.content.decode("utf-8")
        reader = _Reader()
        reader.feed(self.html)
        reader.close()
        self.elements = reader.elements
        self._sections = self.html.split("<section>")[1:]

    @property
    def title(self):
        return _text_of(re.search("<title>(.*?)</title>", self.html).group(1))

    @property
    def facts(self):
        return dict((name, _text_of(value)) for name, value in re.findall(
            "<dt>(.*?)</dt><dd>(.*?)</dd>", self.html))

    def section(self, title):
        """The text of the section with this heading."""
        return _text_of(self._section(title))

    def rows(self, title):
        """The texts of the cells of a section's table."""
        rows = re.findall("<tr>(.*?)</tr>", self._section(title), re.DOTALL)
        return [[_text_of(cell) for cell in re.findall("<t[dh].*?>(.*?)</t[dh]>", row, re.DOTALL)]
                for row in rows if 'scope="col"' not in row]

    def fields(self, title):
        return dict(self.rows(title))

    @property
    def body(self):
        return _text_of(re.search("<pre>(.*?)</pre>", self.html, re.DOTALL).group(1))

    def _section(self, title):
        heading = "<h2>%s</h2>" % title
        found, = [each for each in self._sections if each.startswith(heading)]
        return found[len(heading):].partition("</section>")[0]


def _text_of(html):
    text = re.sub("<[^>]*>", "", html)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"),
                         ("&amp;", "&")):
        text = text.replace(entity, char)
    return text


def read_page(response):
    return Page(response)
