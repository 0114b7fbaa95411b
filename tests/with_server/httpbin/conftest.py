from __future__ import absolute_import, division, print_function

import pytest
from httpbin_server import HttpbinServer


@pytest.fixture(scope="session")
def httpbin():
    with HttpbinServer() as server:
        yield server
