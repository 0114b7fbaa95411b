"""Fixtures for pytest, which finds them by the entry point ``pytest11``.

A project that does not want them has ``-p no:waterspout`` among pytest's options.
"""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.testing import FakeClock, MockTransport, UnexpectedRequest, patch_sessions
from waterspout.testing._failed_tests import error_class_of, pytest_runtest_makereport  # noqa: F401
from waterspout.testing.cassette.pytest_fixture import (  # noqa: F401
    pytest_addoption,
    waterspout_cassette,
    waterspout_cassette_options,
)


@pytest.fixture
def waterspout_mock(request):
    """A `waterspout.testing.MockTransport` that every session of this process sends to.

    `MockTransport.check` is called at the end of the test. After a test that failed already it
    only reports unexpected requests, which may be the cause, and not those that failed it.
    """
    mock = MockTransport()
    patch = patch_sessions(mock)
    patch.start()
    yield mock
    patch.stop()
    error_class = error_class_of(request.node)
    if error_class is None:
        mock.check()
    elif not issubclass(error_class, UnexpectedRequest):
        mock.check_unexpected()


@pytest.fixture
def waterspout_clock():
    """A `waterspout.testing.FakeClock` that is in use."""
    with FakeClock() as clock:
        yield clock
