from __future__ import absolute_import, division, print_function

import pytest
from pooled_client import BlockingClient


@pytest.fixture
def pooled(io_loop):
    """Make a `BlockingClient` with these options; it is closed when the test ends."""
    clients = []

    def make(**options):
        clients.append(BlockingClient(io_loop, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()
