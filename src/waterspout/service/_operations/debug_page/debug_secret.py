"""DebugSecret: whether a request may see its debug page."""

from __future__ import absolute_import, division, print_function

import hmac
import logging
import re

from waterspout._compat import TYPE_CHECKING, monotonic, text_type, to_bytes
from waterspout.service.log_lines import printable

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

#: The field that carries the secret.
FIELD = "X-Waterspout-Debug"

#: Characters of a secret. 16 random letters and digits are 95 bits.
SHORTEST = 16

#: Seconds between two lines about wrong secrets. Who guesses would fill the log.
_QUIET_SECONDS = 10.0

# Printable ASCII without spaces, of which some clients and servers remove those at the ends.
_is_secret = re.compile(r"[\x21-\x7e]+\Z").match

_log = logging.getLogger("waterspout.service")


class DebugSecret(object):
    """
    Args:
        secret (text): at least 16 characters of printable ASCII.
    Raises: TypeError, ValueError: it is none. The text does not have it.
    """

    def __init__(self, secret):
        # type: (Any) -> None
        if not isinstance(secret, (str, text_type)):
            raise TypeError("the debug secret must be text, not %s" % type(secret).__name__)
        if not _is_secret(secret):
            raise ValueError("the debug secret must be printable ASCII without spaces")
        if len(secret) < SHORTEST:
            raise ValueError("the debug secret must have at least %d characters, not %d" % (
                SHORTEST, len(secret)))
        self._secret = to_bytes(secret, "ascii")
        self._quiet_until = 0.0
        self._not_logged = 0

    def __repr__(self):
        return "<DebugSecret ***>"

    def is_sent_by(self, request):
        # type: (HTTPServerRequest) -> bool
        """Whether ``request`` has the secret. A wrong one is logged, and otherwise as none."""
        given = request.headers.get(FIELD)
        if given is None:
            return False
        if hmac.compare_digest(to_bytes(given, "utf-8"), self._secret):
            return True
        self._log_wrong(request)
        return False

    def _log_wrong(self, request):
        # type: (HTTPServerRequest) -> None
        now = monotonic()
        if now < self._quiet_until:
            self._not_logged += 1
            return
        more = " (and %d more since the last such line)" % self._not_logged
        _log.warning("A wrong debug secret came with %s %s from %s%s", printable(request.method),
                     printable(request.path), request.remote_ip, more if self._not_logged else "")
        self._quiet_until, self._not_logged = now + _QUIET_SECONDS, 0
