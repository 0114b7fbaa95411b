"""The elements of a JSON array, one after the other, however many there are."""

from __future__ import absolute_import, division, print_function

import io
import re

from waterspout_cmdb.bulk.reading import places
from waterspout_cmdb.bulk.reading.json_text import objects

#: Characters of one element.
MAX_ELEMENT = 1 << 20

_CHUNK = 65536
_SPACE = re.compile(u"[ \t\r\n]*")


def read_elements(file, codec, path):
    # type: (io.BufferedIOBase, str, str) -> Iterator[tuple[int, list]]
    """Yield the position of each element, from 1, and its names and values as pairs.

    Args:
        file: it is behind the byte order mark; it is not closed.
        path: for errors.
    Raises: BulkError: what is wrong with an element, with its position.
    """
    text = io.TextIOWrapper(file, codec, "strict", newline="")
    try:
        for element in _Window(text, path).elements():
            yield element
    except UnicodeDecodeError as error:
        raise places.trouble(
            path, u"is not in %s (%s); name its encoding with --encoding" % (codec, error.reason))
    finally:
        if not text.closed:
            text.detach()


class _Window(object):
    """A part of the text, which slides over it."""

    def __init__(self, text, path):
        self._read = text.read
        self._path = path
        self._text = u""
        self._at = 0
        self._lines = 1  # The number of the line that the window begins in.
        self._is_end = False
        self._number = 1

    def elements(self):
        decoder = objects.ObjectDecoder()
        if self._next() != u"[":
            raise places.trouble(
                self._path, u'is no JSON array of objects, as [{"name": "web-1"}]; one object in '
                u"each line is read as well, with --format jsonl")
        self._at += 1
        if self._next() == u"]":
            self._finish()
            return
        while True:
            self._next()
            yield self._number, self._element(decoder)
            mark = self._next()
            self._at += 1
            if mark == u"]":
                self._finish()
                return
            if mark != u",":
                raise self._trouble(
                    u"is followed by %s, not by a comma or the end of the array" % (
                        u'"%s"' % mark if mark else u"the end of the file"))
            self._number += 1

    def _element(self, decoder):
        wanted = _CHUNK
        while True:
            try:
                pairs, end = decoder.decode(self._text, self._at)
                if end - self._at > MAX_ELEMENT:
                    raise self._trouble(u"has more than %d characters" % MAX_ELEMENT)
                self._at = end
                return pairs
            except ValueError as error:
                # It may only be cut off. More is read twice as far each time: the elements that
                # are cut off are few, and none is read many times.
                if self._text[self._at : self._at + 1] not in (u"{", u""):
                    raise self._trouble(objects.shown(error))
                if len(self._text) - self._at > MAX_ELEMENT:
                    raise self._trouble(u"%s, or has more than %d characters" % (
                        objects.shown(error), MAX_ELEMENT))
                if self._is_end:
                    raise self._trouble(objects.shown(error))
                self._slide(wanted)
                wanted *= 2

    def _next(self):
        """Return the next character that is no space, or an empty text at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()
            if self._at < len(self._text) or self._is_end:
                return self._text[self._at : self._at + 1]
            self._slide(_CHUNK)

    def _slide(self, size):
        more = self._read(size)
        self._is_end = not more
        self._lines += self._text.count(u"\n", 0, self._at)
        self._text = self._text[self._at :] + more
        self._at = 0

    def _finish(self):
        if self._text[self._at : self._at + 1] == u"]":
            self._at += 1
        if self._next():
            raise places.trouble(self._path, u"has more text behind the end of the JSON array")

    def _trouble(self, text):
        line = self._lines + self._text.count(u"\n", 0, self._at)
        return places.trouble(self._path, u"(in line %d) %s" % (line, text), row=self._number)
