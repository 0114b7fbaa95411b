"""Answers CORS preflight requests, for pages of allowed origins.

Source: the CORS protocol, section 3.3 of the Fetch standard.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING
from waterspout.service.handlers import JSONHandler

if TYPE_CHECKING:
    from tornado.httputil import HTTPServerRequest  # noqa: F401

#: Seconds for which a browser may cache the answer: the lowest maximum among browsers.
MAX_AGE = 600

_METHOD = re.compile(r"[A-Z]+\Z")
_NAMES = re.compile(r"[-A-Za-z0-9_, ]+\Z")


class PreflightHandler(JSONHandler):
    """Allows what a page of an allowed origin asks to send.

    Whether the path and the method are served is decided when the request itself arrives.
    """

    def options(self):
        """Answer 204 with the method and the header names that were asked for."""
        asked = self.request.headers
        for name, pattern in (("Method", _METHOD), ("Headers", _NAMES)):
            value = asked.get("Access-Control-Request-" + name, "")
            if pattern.match(value):
                allowed = "Methods" if name == "Method" else name
                self.set_header("Access-Control-Allow-" + allowed, value)
        self.set_header("Access-Control-Max-Age", str(MAX_AGE))
        self.clear_header("Content-Type")
        self.set_status(204)

    @staticmethod
    def is_asked(request):
        # type: (HTTPServerRequest) -> bool
        """Return whether this is a preflight request."""
        return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
