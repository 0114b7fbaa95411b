"""Cancelling a call while its payload is encoded."""

from __future__ import absolute_import, division, print_function

import asyncio

import pytest

import waterspout
from waterspout.testing import MockTransport


def test_cancelled_call_sends_nothing():
    """The encoding is given up, and the request never begins."""
    async def cancel():
        mock = MockTransport()
        sdk = waterspout.BaseSDK("a.test", 1, transport=mock)
        call = sdk.fetch_async("POST", "/", json=[0] * 100000)
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        for _ in range(100):
            await asyncio.sleep(0)
        mock.assert_not_sent()
        await sdk.close()

    asyncio.run(cancel())
