"""Fixtures for pytest, which finds them by the entry point ``pytest11``.

A project that does not want them has ``-p no:waterspout`` among pytest's options.
"""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.testing import FakeClock, MockTransport, patch_sessions
from waterspout.testing.cassette.pytest_fixture import (  # noqa: F401
    pytest_addoption,
    waterspout_cassette,
    waterspout_cassette_options,
)

_FAILED = "_waterspout_test_failed"


@pytest.fixture
def waterspout_mock(request):
    """A `waterspout.testing.MockTransport` that every session of this process sends to.

    `MockTransport.check` is called at the end of the test. After a test that failed already it
    only reports unexpected requests, which may be the cause.
    """
    mock = MockTransport()
    patch = patch_sessions(mock)
    patch.start()
    yield mock
    patch.stop()
    if getattr(request.node, _FAILED, False):
        mock.check_unexpected()
    else:
        mock.check()


@pytest.fixture
def waterspout_clock():
    """A `waterspout.testing.FakeClock` that is in use."""
    with FakeClock() as clock:
        yield clock


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Note for `waterspout_mock` whether the test has failed."""
    yield
    if call.when == "call" and call.excinfo is not None:
        setattr(item, _FAILED, True)
