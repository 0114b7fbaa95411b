from __future__ import absolute_import, division, print_function

import functools

import pytest
from served_app import ServedApp

from waterspout.service import HTTP_SERVERS


@pytest.fixture(params=HTTP_SERVERS)
def http_server(request):
    return request.param


@pytest.fixture
def serve_app(http_server):
    """`ServedApp` on each HTTP server that can serve an application."""
    return functools.partial(ServedApp, http_server=http_server)
