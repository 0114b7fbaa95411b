"""What browsers ask before a page may use the answers of another origin.

Source: the CORS protocol, section 3.3 of the Fetch standard.
"""

from __future__ import absolute_import, division, print_function

import re

from waterspout.service.handlers import JSONHandler

#: Seconds for which a browser need not ask again: the least of what browsers allow.
MAX_AGE = 600

_METHOD = re.compile(r"[A-Z]+\Z")
_NAMES = re.compile(r"[-A-Za-z0-9_, ]+\Z")


class PreflightHandler(JSONHandler):
    """Answers the question of a browser whether a page of an allowed origin may send what it is
    about to send: it may. Whether the path and the method are served, the request itself is told.
    """

    def options(self):
        """``204`` with what was asked for."""
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
        """Whether a request is such a question."""
        return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
