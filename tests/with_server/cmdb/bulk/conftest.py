"""A sandbox, a gateway in front of it, and in front of that what counts the rows that are sent."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_servers import Servers


@pytest.fixture
def servers(tmpdir):
    """A `Servers`."""
    servers = Servers(str(tmpdir.join("sandbox.db")))
    yield servers
    servers.close()
