from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop

import waterspout.transports.borrowed.borrowed_exchange
import waterspout.transports.borrowed.phase_timeouts


@pytest.fixture
def loop(current_loop, monkeypatch):
    """The IOLoop of exchanges on borrowed clients; its time is the test's to move."""
    loop = FakeLoop()
    loop.strict = False
    for module in (waterspout.transports.borrowed.borrowed_exchange,
                   waterspout.transports.borrowed.phase_timeouts):
        monkeypatch.setattr(module, "monotonic", loop.clock)
    return loop
