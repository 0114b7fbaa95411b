"""OperatorPages: which requests to an application are for operators, and who answers them."""

from __future__ import absolute_import, division, print_function

import socket

from waterspout._compat import TYPE_CHECKING
from waterspout.service._operations.page_handlers import PAGES
from waterspout.service._proxies.networks import UNIX, Networks

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

LOOPBACK = ("127.0.0.0/8", "::1")

#: A request with one of these fields was passed on by a proxy: its peer says nothing of its client.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip",
              "Via")

_INTERNET = (socket.AF_INET, socket.AF_INET6)


class OperatorPages(object):
    """Finds the page that a request is for.

    Args:
        operations (Operations).
        allowed (iterable of native str or None): networks whose peers may see the pages. None: any
            peer may.
    Raises: TypeError, ValueError: see `Networks`.
    """

    def __init__(self, operations, allowed=None):
        # type: (Any, Optional[Iterable[str]]) -> None
        self._keywords = {"operations": operations}
        self._allowed = None if allowed is None else Networks(allowed)

    def route(self, request):
        # type: (HTTPServerRequest) -> Optional[Tuple[Any, Dict[str, Any]]]
        """Return the class and the keywords of the handler; None if it is for someone else."""
        handler_class = PAGES.get(request.path)
        if handler_class is None or not self._may_see(request):
            return None
        return handler_class, self._keywords

    def _may_see(self, request):
        # type: (HTTPServerRequest) -> bool
        if self._allowed is None:
            return True
        if any(name in request.headers for name in _FORWARDED):
            return False
        return self._allowed.contains(_peer_of(request))


class PagesAmongOthers(OperatorPages):
    """In an application that serves something else, too: to this machine, and to those allowed.

    A browser on this machine can be made to ask for them by a page whose name has begun to lead
    here (DNS rebinding). So for peers on this machine the host has to be an address or localhost,
    unless the application may be called by names.

    Args:
        operations, allowed: as above.
        origin_check (OriginCheck): the application's.
    """

    def __init__(self, operations, allowed, origin_check):
        # type: (Any, Iterable[str], Any) -> None
        allowed = tuple(allowed)
        super(PagesAmongOthers, self).__init__(operations, LOOPBACK + allowed)
        self._listed = Networks(allowed)
        self._origin_check = origin_check

    def _may_see(self, request):
        # type: (HTTPServerRequest) -> bool
        return super(PagesAmongOthers, self)._may_see(request) and (
            self._origin_check.allows_host(request.headers)
            or self._listed.contains(_peer_of(request)))


def _peer_of(request):
    # type: (Any) -> Optional[str]
    """The address of the peer, as `Networks` have it."""
    context = request.connection.context
    if getattr(context, "address_family", socket.AF_INET) in _INTERNET:
        return request.remote_ip
    return UNIX
