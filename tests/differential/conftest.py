from __future__ import absolute_import, division, print_function

import pytest
from both_ways import BothWays
from client_fixtures import TRANSPORTS, needs, new_io_loop


@pytest.fixture(scope="module", params=TRANSPORTS)
def pair(request):
    """requests and a `waterspout.Session` on each transport, before one server."""
    needs(request.param)
    with new_io_loop() as io_loop:
        pair = BothWays(io_loop, request.param)
        yield pair
        pair.close()
