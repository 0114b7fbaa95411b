"""Sandboxes, gateways in front of them, and for some tests a counter of the rows that are sent."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_inventories import Place
from bulk_servers import Servers

from waterspout.service._server import drain


@pytest.fixture(autouse=True)
def short_grace(monkeypatch):
    """Servers that stop close idle connections at once: their clients have ended before."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0)


@pytest.fixture
def servers(tmpdir):
    """A `Servers`."""
    servers = Servers(str(tmpdir.join("sandbox.db")))
    yield servers
    servers.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A `Place`; each test makes an organization of its own there."""
    place = Place(str(tmp_path_factory.mktemp("place") / "sandbox.db"))
    yield place
    place.close()


@pytest.fixture
def run(place, io_loop):
    """Imports a file through the gateway of `place`; returns the Summary."""
    def run(*arguments, **options):
        return place.run(io_loop, *arguments, **options)

    return run
