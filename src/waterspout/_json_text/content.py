"""Decodes a large JSON response body in short steps, with the result of `Response.json`."""

from __future__ import absolute_import, division, print_function

import codecs
import json
import re

from waterspout._decoding import charsets
from waterspout._json_text.reader import LargeText

#: Bytes of a body that is decoded in steps. A smaller one takes one or two milliseconds at once.
LARGE_BYTES = 64 * 1024

#: Bytes that are decoded to text in one step.
_STEP_BYTES = 256 * 1024

# The beginning of a list, object or string, after a byte order mark, in UTF-8, -16 and -32.
_LONG_JSON = re.compile(br"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0 \t\r\n]*[\[{\"]")

_DECODER = json.JSONDecoder()


def looks_like_json(content):
    # type: (bytes) -> bool
    """Whether ``content`` begins like a JSON list, object or string."""
    return _LONG_JSON.match(content) is not None


class LargeJSONContent(object):
    """Decodes one body.

    Args:
        content (bytes): the body.
        encoding (native str or None): its charset, used if it is not UTF-8, -16 or -32.
    """

    def __init__(self, content, encoding):
        # type: (bytes, Optional[str]) -> None
        self._content = content
        self._encoding = encoding
        self._value = None
        self._error = None  # type: Optional[Exception]

    def result(self):
        # type: () -> Any
        """The value, after `steps` has ended.

        Raises: ValueError, LookupError, RuntimeError: the errors of `json.loads`, with its texts.
        """
        if self._error is not None:
            raise self._error
        return self._value

    def steps(self):
        # type: () -> Iterator[None]
        """Decode; each ``next()`` does one step. An error is kept for `result` to raise."""
        content, self._content = self._content, b""
        pieces = []  # type: List[Text]
        try:
            try:
                for _ in _decode(content, codecs.lookup(charsets.json_charset(content)), pieces):
                    yield
            except UnicodeDecodeError:
                if self._encoding is None:
                    raise
                del pieces[:]
                for _ in _decode(content, charsets.codec_of(self._encoding), pieces):
                    yield
            text = u"".join(pieces)
            if text.startswith(u"\ufeff"):
                self._value = json.loads(text)  # Raises at once: a byte order mark is not allowed.
                return
            large = LargeText(text, _DECODER)
            del content, pieces, text
            yield
            for _ in large.steps():
                yield
            self._value = large.value
        except (ValueError, LookupError, RuntimeError) as error:
            self._error = error


def _decode(content, codec, pieces):
    # type: (bytes, codecs.CodecInfo, List[Text]) -> Iterator[None]
    """Append the text of ``content`` to ``pieces``, in steps. Raises: UnicodeDecodeError."""
    if codec.incrementaldecoder is None:  # Some codecs that programs register have none.
        pieces.append(codec.decode(content)[0])
        return
    decoder = codec.incrementaldecoder("strict")
    for at in range(0, len(content), _STEP_BYTES):
        end = at + _STEP_BYTES
        pieces.append(decoder.decode(content[at:end], end >= len(content)))
        yield
