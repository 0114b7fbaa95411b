"""A large response body decoded from JSON in short steps, as `Response.json` does it at once."""

from __future__ import absolute_import, division, print_function

import codecs
import json
import re

from waterspout._decoding import charsets
from waterspout._json_text.reader import LargeText

#: Bytes from which on a body is worth it. Less takes a millisecond or two at once.
LARGE_BYTES = 64 * 1024

#: Bytes that are made text of in one step.
_STEP_BYTES = 256 * 1024

# What may hold more than one token, behind a byte order mark, in UTF-8, -16 and -32.
_LONG_JSON = re.compile(br"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\0 \t\r\n]*[\[{\"]")

_DECODER = json.JSONDecoder()


def looks_like_json(content):
    # type: (bytes) -> bool
    """Whether `json.loads` would get further than to the first token."""
    return _LONG_JSON.match(content) is not None


class LargeJSONContent(object):
    """One body on its way to a value.

    Args:
        content (bytes): the body.
        encoding (native str or None): its charset, should it be neither UTF-8, -16 nor -32.
    """

    def __init__(self, content, encoding):
        # type: (bytes, Optional[str]) -> None
        self._content = content
        self._encoding = encoding
        self._value = None
        self._error = None  # type: Optional[Exception]

    def result(self):
        # type: () -> Any
        """The value, when `steps` has ended.

        Raises: ValueError, LookupError, RuntimeError: what is wrong, as `json.loads` says it.
        """
        if self._error is not None:
            raise self._error
        return self._value

    def steps(self):
        # type: () -> Iterator[None]
        """Do the work; each ``next()`` takes one step. What is wrong is kept for `result`."""
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
                self._value = json.loads(text)  # Which says at once what it has against that.
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
    if codec.incrementaldecoder is None:  # As in some codecs that others have registered.
        pieces.append(codec.decode(content)[0])
        return
    decoder = codec.incrementaldecoder("strict")
    for at in range(0, len(content), _STEP_BYTES):
        end = at + _STEP_BYTES
        pieces.append(decoder.decode(content[at:end], end >= len(content)))
        yield
