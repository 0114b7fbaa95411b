"""Test code that calls other services, without a network."""

from __future__ import absolute_import, division, print_function

from waterspout.testing.app.app_transport import AppTransport
from waterspout.testing.patching.patch_fetch import patch_fetch

__all__ = [
    "AppTransport",
    "patch_fetch",
]
