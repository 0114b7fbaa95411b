"""KnownSecrets: secrets that were seen where they are expected, to be found everywhere else."""

from __future__ import absolute_import, division, print_function

import json
import re
from base64 import b64encode
from xml.sax.saxutils import escape

from waterspout._compat import TYPE_CHECKING, quote, quote_plus, to_bytes, to_text
from waterspout.testing.cassette._masking.secret_names import is_usual_word

if TYPE_CHECKING:
    from typing import Set, Text  # noqa: F401

#: What stands in the place of a secret.
MASK = u"***"

#: Characters of the shortest secret that is looked for everywhere. Replacing a shorter one would
#: replace parts of words that have nothing to do with it.
SHORTEST = 6

#: The same for the values of cookies, most of which are no secrets: ``lang=en-US``.
SHORTEST_COOKIE = 8

# Scheme, host and port of a URL, whose credentials are masked already. Without them a file could
# not be read, and a redirect would lead nowhere: a password may be the name of a host.
_ORIGIN = (u"[Hh][Tt][Tt][Pp][Ss]?://(?:\\*\\*\\*@)?"
           u"(?:\\[[0-9A-Za-z:.%~_-]{0,99}\\]|[A-Za-z0-9._~-]*)(?::[0-9]*)?")
_URL_ORIGIN = re.compile(_ORIGIN)


class KnownSecrets(object):
    """Texts, each character of which stands for one byte (Latin-1), as in all of `_masking`."""

    def __init__(self):
        # type: () -> None
        self._written = set()  # type: Set[Text]  # In every way to write them.
        self._pattern = None

    def learn(self, secret, shortest=SHORTEST):
        # type: (Text, int) -> None
        """Look for ``secret`` everywhere; unless it is short, or a word such as "password"."""
        if len(secret) < shortest or secret in self._written or MASK in secret:
            return
        if is_usual_word(secret):
            return  # It would be replaced where it is a name.
        raw = secret.encode("latin-1")
        ways = {secret, escape(secret), escape(secret, {u'"': u"&quot;"}),
                to_text(quote(raw, "")), to_text(quote_plus(raw)),
                to_text(b64encode(raw)).rstrip(u"=")}
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            ways.update(to_bytes(json.dumps(text, ensure_ascii=ascii_only)[1:-1]).decode("latin-1")
                        for ascii_only in (True, False))
        self._written.update(ways)
        self._pattern = None

    def removed_from(self, text):
        # type: (Text) -> Text
        """``text`` with `MASK` in the place of each."""
        if not self._written:
            return text
        if self._pattern is None:
            longest_first = sorted(self._written, key=lambda each: (-len(each), each))
            # A secret at the place of an origin is a whole URL, so secrets come first.
            self._pattern = re.compile(
                u"%s|(%s)" % (u"|".join(map(re.escape, longest_first)), _ORIGIN))
        return self._pattern.sub(lambda match: match.group(1) or MASK, text)

    def removed_from_url(self, url):
        # type: (Text) -> Text
        """A URL that leads to the same place, whatever was masked in it."""
        masked = self.removed_from(url)
        origin = _URL_ORIGIN.match(url)
        if origin is None or masked.startswith(origin.group()):
            return masked
        return origin.group() + u"/" + masked
