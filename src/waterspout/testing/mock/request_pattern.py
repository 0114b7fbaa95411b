"""RequestPattern: which requests a test expects, and why another one is none of them."""

from __future__ import absolute_import, division, print_function

import difflib

from waterspout._compat import (
    TYPE_CHECKING,
    Mapping,
    integer_types,
    string_types,
    text_type,
    to_bytes,
    to_native,
    to_text,
)
from waterspout._encoding import urls
from waterspout._encoding.header_checks import valid_method
from waterspout.structures import Headers, pairs_of
from waterspout.testing._form_pairs import lines_of, lists_of, pairs_in
from waterspout.testing.mock import json_values
from waterspout.testing.mock.differences import as_text, body_lines, difference, header_lines
from waterspout.testing.mock.url_pattern import UrlPattern

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Text  # noqa: F401

    from waterspout.testing.mock.sent_request import SentRequest  # noqa: F401


class RequestPattern(object):
    """What a request must be. What is None is not looked at.

    Args:
        method (native str or None), url: see `UrlPattern`.
        params (mapping, pairs or text): the whole query, together with that of ``url``; in any
            order of the names.
        json: the value of the body; ``unittest.mock.ANY`` may stand in it.
        data: a mapping or pairs: a form, in any order; text or bytes: the body; a compiled regular
            expression: is searched for in the body.
        headers (mapping): the value of each field, a compiled regular expression that is searched
            for in it, or None for a field that must not be sent. Others may be sent too.
        match (callable): ``match(sent_request)`` says whether it is the one.
    Raises: TypeError, ValueError: an invalid argument.
    """

    def __init__(self, method, url, params=None, json=None, data=None, headers=None, match=None):
        # type: (Optional[str], Any, Any, Any, Any, Any, Optional[Callable[[SentRequest], Any]]) -> None
        if json is not None and data is not None:
            raise TypeError("a request has one body, not json= and data=")
        if match is not None and not callable(match):
            raise TypeError("match= must be callable, not %s" % type(match).__name__)
        self.method = None if method is None else valid_method(method)
        self.url = UrlPattern(url)
        self._query = self.url.query
        if params is not None:
            self._query = (self._query or []) + pairs_in(urls.encode_query(params))
        self._json = json
        self._has_json = json is not None
        if self._has_json:
            self._json = json_values.plain(json)
        self._form = None  # type: Any
        self._content = data
        if data is not None and not hasattr(data, "search"):
            if isinstance(data, (bytes, bytearray) + string_types):
                self._content = bytes(to_bytes(data))
            else:
                self._form, self._content = pairs_in(urls.encode_pairs(data, "data")), None
        if headers is not None and not isinstance(headers, (Mapping, Headers)):
            raise TypeError("headers= must be a mapping, not %s" % type(headers).__name__)
        self._headers = [(to_native(name, "latin-1"), value) for name, value in pairs_of(headers)]
        for name, value in self._headers:
            if isinstance(value, (bool, float) + integer_types):
                raise TypeError("headers= has %r for %s: values of header fields are text, as in "
                                "a request" % (value, name))
        self._match = match

    def differences(self, sent):
        # type: (SentRequest) -> List[List[Text]]
        """For each part that differs the lines that show it; empty if ``sent`` is expected."""
        found = []
        if self.method not in (None, sent.method):
            found.append(difference(u"method", [to_text(self.method)], [to_text(sent.method)]))
        if self.url.match(sent.parsed_url) is None:
            url = sent.path if self.url.text.startswith("/") else sent.parsed_url.for_messages
            found.append(difference(u"url", [to_text(self.url.text)], [to_text(url)]))
        if self._query is not None:
            query = pairs_in(sent.parsed_url.query)
            if lists_of(self._query) != lists_of(query):
                found.append(difference(u"params", lines_of(self._query), lines_of(query)))
        for name, value in self._headers:
            given = sent.headers.get(name)
            if not _has_value(value, given):
                found.append(header_lines(name, value, given))
        found += self._body_differences(sent)
        if self._match is not None and not found and not self._match(sent):
            name = getattr(self._match, "__name__", repr(self._match))
            found.append([u"  match", u"    %s() refuses it" % to_text(name)])
        return found

    def distance(self, sent):
        # type: (SentRequest) -> float
        """How far ``sent`` is from what is expected; 0 if it is that."""
        parts = self.differences(sent)
        distance = float(len(parts))
        if self.url.match(sent.parsed_url) is None:
            ratio = difflib.SequenceMatcher(None, self.url.text, sent.path).ratio()
            distance += 3.0 * (1.0 - ratio)
        return distance

    def _body_differences(self, sent):
        if self._has_json:
            try:
                value = sent.json()
            except ValueError:
                shown = body_lines(sent.content)
            else:
                if json_values.same(self._json, value):
                    return []
                shown = json_values.lines(value)
            return [difference(u"json", json_values.lines(self._json), shown)]
        if self._form is not None:
            form = pairs_in(sent.content)
            if lists_of(self._form) == lists_of(form):
                return []
            return [difference(u"data", lines_of(self._form), lines_of(form))]
        content = self._content
        if hasattr(content, "search"):
            in_text = isinstance(content.pattern, text_type)
            if content.search(sent.text if in_text else sent.content):
                return []
            return [difference(u"data", [u"/%s/" % as_text(content.pattern)],
                               body_lines(sent.content))]
        if content is None or content == sent.content:
            return []
        return [difference(u"data", body_lines(content), body_lines(sent.content))]

    def __str__(self):
        return "%s %s" % (self.method or "any method", self.url.text)


def _has_value(expected, given):
    # type: (Any, Optional[str]) -> bool
    if expected is None or given is None:
        return expected is given
    if hasattr(expected, "search"):
        return expected.search(given) is not None
    if isinstance(expected, string_types):
        expected = to_native(expected, "latin-1")
    return bool(expected == given)
