"""SentRequest: a request as a server would have received it."""

from __future__ import absolute_import, division, print_function

import json

from waterspout._compat import TYPE_CHECKING
from waterspout._decoding import charsets
from waterspout._json_text.loads import loads
from waterspout.structures import Headers
from waterspout.testing._form_pairs import mapping_of, pairs_in

if TYPE_CHECKING:
    from typing import Any, Dict, Text  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401


class SentRequest(object):
    """One request that was sent, with its whole body.

    Attributes:
        method (native str): in upper case.
        url (native str): without user, password and fragment.
        path (native str): of the URL, escaped as it was sent.
        path_args (dict of text): the values of the ``{name}`` in the URL of the expectation that
            answered it, unescaped.
        params (dict): the query's text by name; a list for a name that is repeated.
        headers (Headers): those that the transport adds (Host) are not among them.
        content (bytes): the body; empty if there is none.
    """

    __slots__ = ("method", "url", "path", "path_args", "params", "headers", "content",
                 "parsed_url")

    def __init__(self, request, content):
        # type: (PreparedRequest, bytes) -> None
        #: For matching: a `waterspout._encoding.urls.URL`.
        self.parsed_url = url = request.parsed_url.without_userinfo
        self.method = request.method  # type: str
        self.url = url.without_fragment  # type: str
        self.path = url.path  # type: str
        self.path_args = {}  # type: Dict[Text, Text]
        self.params = mapping_of(pairs_in(url.query))
        self.headers = Headers(request.headers)
        self.content = content

    @property
    def text(self):
        # type: () -> Text
        """The body as text, by the charset of its Content-Type, or UTF-8."""
        charset = charsets.declared_charset(self.headers.get("Content-Type", ""))
        return charsets.decode(self.content, charset or "utf-8")

    @property
    def form(self):
        # type: () -> Dict[Text, Any]
        """The body as a form, in the form of ``params``."""
        return mapping_of(pairs_in(self.content))

    def json(self, **kwargs):
        # type: (**Any) -> Any
        """Decode the body from JSON; keyword arguments are those of `json.loads`.

        Raises: ValueError: it is not JSON.
        """
        try:
            text = self.content.decode(charsets.json_charset(self.content))
            return json.loads(text, **kwargs) if kwargs else loads(text)
        except (ValueError, RuntimeError) as error:  # RuntimeError: nested too deep.
            raise ValueError("the body of %s is not JSON: %s" % (self, error))

    def __str__(self):
        # Without the query, which may hold secrets.
        return "%s %s" % (self.method, self.parsed_url.for_messages)

    def __repr__(self):
        return "<SentRequest %s, %d bytes>" % (self, len(self.content))
