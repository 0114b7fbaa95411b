"""DebugRequests: has a request that carries the secret answered with its debug page."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._observing.request_context import context_of
from waterspout.service._operations.debug_page.debug_connection import DebugConnection
from waterspout.service._operations.debug_page.debug_record import DebugRecord
from waterspout.service._operations.debug_page.debug_secret import DebugSecret

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401


class DebugRequests(object):
    """
    Args:
        secret (text): see `DebugSecret`.
    Raises: TypeError, ValueError: see `DebugSecret`.
    """

    def __init__(self, secret):
        # type: (Any) -> None
        self._secret = DebugSecret(secret)

    def __repr__(self):
        return "<DebugRequests>"

    def look_at(self, request, id_header):
        # type: (HTTPServerRequest, Optional[str]) -> None
        """Before the handler of ``request`` is made: if it has the secret, answer with its page.

        One that asks for no body, by HEAD, is answered as any other.

        Args:
            id_header (native str or None): the field with the ids of requests.
        """
        connection = request.connection  # type: Any
        if isinstance(connection, DebugConnection) or request.method == "HEAD":
            return
        if self._secret.is_sent_by(request):
            length = request.headers.get("Content-Length", "")
            record = DebugRecord(
                request, context_of(request, id_header),
                int(length) if length.isdigit() else 0)
            request.connection = DebugConnection(connection, record)
