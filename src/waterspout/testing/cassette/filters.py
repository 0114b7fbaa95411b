"""vcrpy's filters: what a program wants left out of a cassette, or replaced."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, string_types, to_bytes, to_native, to_text
from waterspout.testing._form_pairs import changed_pairs
from waterspout.testing.cassette.json_text import USUAL, dumped, parsed_json, style_of
from waterspout.testing.cassette.messages import RecordedRequest

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Optional  # noqa: F401


class Filters(object):
    """The filters of one cassette and its hook, in the order in which vcrpy applies them.

    Args:
        headers, query_parameters, post_data_parameters (iterable): names to leave out, or pairs of
            a name and its replacement: text, None to leave it out, or a callable
            ``(key=, value=, request=)`` that returns either.
        hook (callable or None): gets the `RecordedRequest` and returns it, changed or not, or None.
    """

    def __init__(self, headers, query_parameters, post_data_parameters, hook):
        # type: (Iterable[Any], Iterable[Any], Iterable[Any], Optional[Callable]) -> None
        self._headers = _replacements("filter_headers", headers)
        self._query = _replacements("filter_query_parameters", query_parameters)
        self._body = _replacements("filter_post_data_parameters", post_data_parameters)
        self._hook = hook

    def applied(self, request):
        # type: (RecordedRequest) -> Optional[RecordedRequest]
        """A filtered copy; None if the hook returns None: the cassette ignores the request."""
        request = request.copy()
        if self._query:
            self._filter_query(request)
        if self._headers:
            self._filter_headers(request)
        if self._body and request.body:
            self._filter_body(request)
        if self._hook is None:
            return request
        request = self._hook(request)
        if not (request is None or isinstance(request, RecordedRequest)):
            raise TypeError("before_record_request must return the request or None, not %s"
                            % type(request).__name__)
        return request

    def _filter_headers(self, request):
        headers = request.headers
        for name, replacement in self._headers.items():
            if name in headers:
                value = _replaced(replacement, name, headers[name], request)
                if value is None:
                    del headers[name]
                else:
                    headers[name] = to_native(value)

    def _filter_query(self, request):
        before, mark, query = request.url.partition("?")
        query = changed_pairs(query, self._change(self._query, request))
        request.url = before + mark + query if query else before

    def _filter_body(self, request):
        if "json" in request.content_type:
            self._filter_json(request)
        elif not request.content_type.startswith("multipart/"):
            request.body = to_bytes(
                changed_pairs(to_native(request.body, "latin-1"),
                              self._change(self._body, request)), "latin-1")

    def _filter_json(self, request):
        value = parsed_json(request.body)
        if not isinstance(value, dict):
            return
        style = style_of(value, request.body) or USUAL
        for name, replacement in self._body.items():
            name = to_text(name)
            if name in value:
                new = _replaced(replacement, name, value[name], request)
                if new is None:
                    del value[name]
                else:
                    value[name] = new
        request.body = dumped(value, style).encode("utf-8")

    @staticmethod
    def _change(replacements, request):
        def change(name, value):
            native = to_native(name)
            if native not in replacements:
                return value
            return _replaced(replacements[native], native, value, request)

        return change


def _replacements(keyword, filters):
    # type: (str, Iterable[Any]) -> Dict[str, Any]
    if isinstance(filters, string_types):
        raise TypeError("%s=%r: give a list of names" % (keyword, filters))
    replacements = {}
    for each in filters:
        name, replacement = (each, None) if isinstance(each, string_types) else each
        replacements[to_native(name)] = replacement
    return replacements


def _replaced(replacement, name, value, request):
    if callable(replacement):
        return replacement(key=name, value=value, request=request)
    return replacement
