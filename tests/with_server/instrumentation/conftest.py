from __future__ import absolute_import, division, print_function

import functools

import pytest
from metered_service import MeteredService
from raw_server import RawServer, answering, response
from served_app import ServedApp

from waterspout.service import HTTP_SERVERS


@pytest.fixture(params=HTTP_SERVERS)
def http_server(request):
    return request.param


@pytest.fixture
def serve_app(http_server):
    """`ServedApp` on each HTTP server that can serve an application."""
    return functools.partial(ServedApp, http_server=http_server)


@pytest.fixture
def upstream():
    with RawServer(answering(response(b'{"done": true}'))) as upstream:
        yield upstream


@pytest.fixture
def metered(tmp_path, upstream):
    """Start ``metrics_program.py`` with options and wait until it serves."""
    pytest.importorskip("prometheus_client")
    started = []

    def start(**options):
        started.append(MeteredService(tmp_path, dict(options, upstream=upstream.address)))
        return started[-1].wait_until_ready()

    yield start
    for program in started:
        program.__exit__(None, None, None)
