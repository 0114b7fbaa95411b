"""The ``ssl_options`` of an application."""

from __future__ import absolute_import, division, print_function

import ssl

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


def checked_ssl_options(options):
    # type: (Any) -> Any
    """Return ``Application(ssl_options=)``. Raises: TypeError: of a wrong type."""
    if options is None or isinstance(options, (dict, ssl.SSLContext)) or callable(options):
        return options
    raise TypeError("ssl_options must be what service.server_tls() returns, a dict, or a function "
                    "that returns one of these, not %r" % (options,))


def ssl_options_of(application):
    # type: (Any) -> Any
    """Return the SSLContext or dict for an application's server; None: it is served without TLS.

    Raises: what the application's function raises.
    """
    options = application.ssl_options
    return checked_ssl_options(options()) if callable(options) else options
