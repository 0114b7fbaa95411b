"""Starts the small service whose processes are tested."""

from __future__ import absolute_import, division, print_function

import functools

import pytest
from running_service import Service
from served_app import ServedApp

from waterspout.service import HTTP_SERVERS


@pytest.fixture(scope="module", params=HTTP_SERVERS)
def http_server(request):
    """Each HTTP server that can serve an application, for behaviour that both promise."""
    return request.param


@pytest.fixture
def serve(http_server):
    """`ServedApp` on each of them."""
    return functools.partial(ServedApp, http_server=http_server)


@pytest.fixture
def start(tmp_path):
    """Start ``service_program.py`` with options and wait until it serves."""
    services = []

    def start(environment=None, prepare=lambda: None, **options):
        service = Service(tmp_path, options, environment=environment, prepare=prepare)
        services.append(service)
        return service.wait_until_ready()

    yield start
    for service in services:
        service.__exit__(None, None, None)
