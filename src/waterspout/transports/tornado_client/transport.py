"""The ``tornado`` transport: whichever stock AsyncHTTPClient the program has configured."""

from __future__ import absolute_import, division, print_function

from tornado.httpclient import AsyncHTTPClient

from waterspout.transports.tornado_client.simple_transport import SimpleClientTransport


def TornadoTransport(io_loop, limits):
    # type: (IOLoop, Limits) -> AsyncClientTransport
    """The transport on Tornado's curl client if the program has configured that, else on simple."""
    if AsyncHTTPClient.configured_class().__name__ == "CurlAsyncHTTPClient":
        from waterspout.transports.curl.transport import CurlTransport  # It needs pycurl.

        return CurlTransport(io_loop, limits)
    return SimpleClientTransport(io_loop, limits)
