"""AppSessionTransport: the calls of one session to an application of the same process."""

from __future__ import absolute_import, division, print_function

from waterspout.transports.pooled.transport import PooledTransport


class AppSessionTransport(PooledTransport):
    """The ``pooled`` transport, on connections within the process."""

    def perform(self, request, options, done, holder=None, notes=None):
        # Proxies, certificates and unix sockets are about the way, and there is none.
        if options.route is not None:
            options = options.replace(route=None)
        return super(AppSessionTransport, self).perform(
            request, options, done, holder, notes)
