"""Requests as Tornado's AsyncHTTPClient hands them to ``fetch_impl``."""

from __future__ import absolute_import, division, print_function

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, _RequestProxy
from tornado.httputil import HTTPHeaders


def fetched(url="http://a.example/", **options):
    """An HTTPRequest with the defaults of a client behind it."""
    request = HTTPRequest(url, **options)
    request.headers = HTTPHeaders(request.headers)
    return _RequestProxy(request, dict(HTTPRequest._DEFAULTS))


def fetch_with_callback(io_loop):
    """The Future of a fetch by ``AsyncHTTPClient``, and the callback that ``fetch_impl`` got.

    Args:
        io_loop (IOLoop): the current one.
    """
    client = _Capturing(force_instance=True)
    future = client.fetch("http://a.example/")
    return future, client.callback


class _Capturing(AsyncHTTPClient):
    def fetch_impl(self, request, callback):
        self.callback = callback
