"""Values of labels: few, whatever programs call and clients send."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.bounded_names import OTHER, BoundedNames
from waterspout.instrumentation.known_methods import OTHER_METHOD, known_methods

if TYPE_CHECKING:
    from typing import Optional, Tuple  # noqa: F401

#: Different origins, at most, that have series of their own.
MAX_ORIGINS = 100


class Labels(object):
    """Makes values of labels from what details say.

    Args:
        max_operations (int): different operations, upstreams and routes, at most, of each kind.
    """

    def __init__(self, max_operations):
        # type: (int) -> None
        self._methods = known_methods()
        self._operations = BoundedNames(max_operations)
        self._upstreams = BoundedNames(max_operations)
        self._routes = BoundedNames(max_operations)
        self._origins = BoundedNames(MAX_ORIGINS)

    def method(self, method):
        # type: (str) -> str
        """``http_request_method``."""
        return method if method in self._methods else OTHER_METHOD

    def server(self, origin):
        # type: (str) -> Tuple[str, str]
        """``server_address`` and ``server_port``, of ``scheme://host:port``.

        Empty for a request that has no URL, because it could not be made.
        """
        if self._origins.of(origin) != origin:
            return OTHER, ""
        host, _, port = origin.partition("://")[2].rpartition(":")
        return host.strip("[]"), port

    def operation(self, operation):
        # type: (Optional[str]) -> str
        """``operation``; empty for a call without a name."""
        return self._operations.of(operation) if operation else ""

    def upstream(self, upstream):
        # type: (Optional[str]) -> str
        """``upstream``; empty for a call that is not an SDK's."""
        return self._upstreams.of(upstream) if upstream else ""

    def route(self, route):
        # type: (Optional[str]) -> str
        """``http_route``; empty where there is none."""
        return self._routes.of(route) if route else ""
