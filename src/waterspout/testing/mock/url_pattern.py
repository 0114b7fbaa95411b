"""UrlPattern: which URLs a test expects."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING, string_types, to_native, to_text, unquote_to_bytes
from waterspout._encoding import urls
from waterspout.testing._form_pairs import pairs_in

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Text, Tuple  # noqa: F401

_PLACEHOLDER = re.compile(r"\{([^{}/]*)\}")

#: Stands for a placeholder while the text around it is escaped as that of a request.
_TOKEN = "waterspout-placeholder-%d-"

#: Of a pattern that is only a path.
_ANY_ORIGIN = "http://any.test"


class UrlPattern(object):
    """Matches the URL of a request without its query.

    Args:
        url: text: a whole URL, or a path from ``/`` on, which then matches on any host; ``{name}``
            matches one segment of the path. Or a compiled regular expression, which is searched
            for in the whole URL with its query. Or None for any URL.
    Attributes:
        text (native str): for messages.
        query (list of (name, value) or None): that of ``url``; None if it has none.
    Raises: TypeError; ValueError: text that is neither; InvalidURL.
    """

    __slots__ = ("text", "query", "path", "_search", "_names", "_of_path")

    def __init__(self, url):
        # type: (Any) -> None
        self.query = None  # type: Optional[List[Tuple[Text, Text]]]
        self.path = None  # type: Optional[str]
        self._names = []  # type: List[str]
        self._of_path = False
        if url is None:
            self.text, self._search = "any URL", re.compile("").search
        elif hasattr(url, "search"):
            self.text, self._search = "/%s/" % to_native(url.pattern), url.search
        elif isinstance(url, string_types):
            self._compile(to_native(url))
        else:
            raise TypeError("a URL to expect is text, a compiled regular expression or None, "
                            "not %s" % type(url).__name__)

    def match(self, url):
        # type: (urls.URL) -> Optional[Dict[Text, Text]]
        """The unescaped values of the placeholders; None if ``url`` does not match."""
        if self.path is None:
            return {} if self._search(url.without_fragment) else None
        text = url.path if self._of_path else _without_query(url)
        match = self._search(text)
        if match is None:
            return None
        values = [unquote_to_bytes(each).decode("utf-8", "replace") for each in match.groups()]
        return dict(zip([to_text(name) for name in self._names], values))

    def _compile(self, url):
        self.text = url.partition("#")[0].partition("?")[0]
        self._of_path = url.startswith("/")
        if not self._of_path and "://" not in url:
            raise ValueError("%r: a URL to expect begins with http://, https:// or /" % self.text)
        before, question, query = url.partition("?")
        tokens = []

        def put_token(match):
            tokens.append(_TOKEN % len(tokens))
            self._names.append(match.group(1))
            return tokens[-1]

        parsed = urls.parse(
            (_ANY_ORIGIN if self._of_path else "") + _PLACEHOLDER.sub(put_token, before)
            + question + query)
        self.query = pairs_in(parsed.query) if parsed.query else None
        self.path = parsed.path
        pattern = re.escape(parsed.path if self._of_path else _without_query(parsed))
        for token in tokens:
            pattern = pattern.replace(re.escape(token), "([^/]+)")
        self._search = re.compile(pattern + r"\Z").match


def _without_query(url):
    # type: (urls.URL) -> str
    return url.for_messages
