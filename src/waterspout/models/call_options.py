"""CallOptions: how one message is sent."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout import constants
from waterspout._compat import TYPE_CHECKING


def call_directly(function, *args):
    # type: (Callable[..., Any], *Any) -> Any
    """Return ``function(*args)``."""
    return function(*args)


if TYPE_CHECKING:
    from typing import Any, Callable, NamedTuple, Optional  # noqa: F401

    from waterspout._routes.route import Route
    from waterspout._routes.route_selection import Routing
    from waterspout.timeouts import ClientTimeout

    _Fields = NamedTuple("_Fields", [
        ("timeout", ClientTimeout),
        ("deadline", Optional[float]),
        ("stream", bool),
        ("route", Optional[Route]),
        ("routing", Optional[Routing]),
        ("allow_redirects", bool),
        ("max_redirects", int),
        ("run", Callable[..., Any]),
    ])
else:
    _Fields = namedtuple("_Fields", [
        "timeout", "deadline", "stream", "route", "routing", "allow_redirects", "max_redirects",
        "run"])
    _Fields.__new__.__defaults__ = (
        None, False, None, None, True, constants.MAX_REDIRECTS, call_directly)


class CallOptions(_Fields):
    """How one message is sent: what a session's attributes and a call's keywords come to.

    Resolved once for each call, immutable, and handed down with the `PreparedRequest` to the
    transport's ``send(request, options)``. A redirect is sent with the same options, but for the
    route.

    Attributes, in this order; all but the first have defaults:
        timeout (ClientTimeout): in float seconds.
        deadline (float or None): the `time.monotonic` seconds at which ``timeout.total`` runs out.
        stream (bool): resolve at the response's head; its body is pulled.
        route (Route or None): the proxy, TLS settings and unix socket for the message's URL; None
            for a direct connection with the default TLS settings.
        routing (Routing or None): finds the route to another URL; None where every route is None.
        allow_redirects (bool): follow redirects.
        max_redirects (int): redirects followed in one call.
        run (callable): ``run(function, *args)`` calls a hook in the context (contextvars) of the
            caller; `call_directly` where there are no hooks.
    """

    __slots__ = ()

    def replace(self, **fields):
        # type: (**object) -> CallOptions
        """A copy with other values for ``fields``. Raises: TypeError for an unknown name; before
        Python 3.13, ValueError.
        """
        return self._replace(**fields)  # type: ignore[arg-type]
