"""Requests as Tornado's AsyncHTTPClient hands them to ``fetch_impl``."""

from __future__ import absolute_import, division, print_function

from tornado.httpclient import HTTPRequest, _RequestProxy
from tornado.httputil import HTTPHeaders


def fetched(url="http://a.example/", **options):
    """An HTTPRequest with the defaults of a client behind it."""
    request = HTTPRequest(url, **options)
    request.headers = HTTPHeaders(request.headers)
    return _RequestProxy(request, dict(HTTPRequest._DEFAULTS))
