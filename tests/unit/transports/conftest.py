from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop

import waterspout.transports.borrowed.borrowed_exchange


@pytest.fixture
def loop(current_loop, monkeypatch):
    """The IOLoop of exchanges on borrowed clients; its time is the test's to move."""
    loop = FakeLoop()
    loop.strict = False
    monkeypatch.setattr(
        waterspout.transports.borrowed.borrowed_exchange, "monotonic", loop.clock)
    return loop
