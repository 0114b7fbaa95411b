"""The load and the events, in `asyncio`. They need Python 3; the gateway under test does not."""

from __future__ import absolute_import, division, print_function
