from __future__ import absolute_import, division, print_function

import pytest
from metered_service import MeteredService
from raw_server import RawServer, answering, response


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
