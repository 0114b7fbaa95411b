"""TLSRoutes: the `waterspout._net.tls_options.TLSOptions` for a Route."""

from __future__ import absolute_import, division, print_function

from waterspout._bounded_stores import keep
from waterspout._net.tls_options import DEFAULT_TLS, TLSOptions

#: Options kept; programs have a handful.
_KEPT = 64


class TLSRoutes(object):
    """Equal routes get the same options, as long as their files do not change.

    The options hold an SSLContext, which is slow to make.
    """

    def __init__(self):
        # type: () -> None
        self._kept = {}  # type: Dict[TLSOptions, TLSOptions]

    def options(self, route):
        # type: (Optional[Route]) -> TLSOptions
        if route is None:
            return DEFAULT_TLS
        cert, key = route.cert_and_key
        options = TLSOptions(route.verify is not False, route.ca, cert, key)
        if options == DEFAULT_TLS:
            return DEFAULT_TLS
        return self._kept.get(options) or keep(self._kept, options, options, _KEPT)
