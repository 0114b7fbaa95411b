"""For tests of code that calls other services: no network, no waiting.

It is imported by tests only: ``import waterspout`` does not load it.
"""

from __future__ import absolute_import, division, print_function

from waterspout.testing.app.app_transport import AppTransport
from waterspout.testing.cassette import Cassette
from waterspout.testing.clock.fake_clock import FakeClock
from waterspout.testing.make_response import make_response
from waterspout.testing.mock.expectation import Expectation
from waterspout.testing.mock.mock_transport import MockTransport
from waterspout.testing.mock.sent_request import SentRequest
from waterspout.testing.mock.unexpected_request import UnexpectedRequest
from waterspout.testing.patching.patch_fetch import patch_fetch
from waterspout.testing.patching.patch_sessions import patch_sessions

__all__ = [
    "AppTransport",
    "Cassette",
    "Expectation",
    "FakeClock",
    "MockTransport",
    "SentRequest",
    "UnexpectedRequest",
    "make_response",
    "patch_fetch",
    "patch_sessions",
]
