"""What a test has left open or unobserved, apart from what earlier tests have left.

Garbage of earlier tests may be collected at any time: then it closes descriptors, and logs what it
complains about. A test that counts either has it collected first.
"""

from __future__ import absolute_import, division, print_function

import gc
import logging
import os

import pytest


def open_descriptors():
    """How many file descriptors this process has open; 0 where there is no /proc to tell."""
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


def descriptors_at_first():
    """The same before a test: garbage that would close some during the test is gone."""
    gc.collect()
    return open_descriptors()


@pytest.fixture(scope="module")
def earlier_garbage_is_gone():
    """Once for a file of tests: the garbage of each of them is collected at its own end."""
    gc.collect()


@pytest.fixture
def nothing_unobserved(earlier_garbage_is_gone, caplog):
    """Fail a test that leaves an exception which asyncio or Tornado complains about."""
    yield
    gc.collect()
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
