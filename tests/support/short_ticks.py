"""Sandbox stores that close at once."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.sandbox.storage import time_limits


@pytest.fixture(autouse=True)
def short_ticks(monkeypatch):
    """Count time in short ticks: a store that is closed waits for the end of one."""
    monkeypatch.setattr(time_limits, "TICK", 0.005)
