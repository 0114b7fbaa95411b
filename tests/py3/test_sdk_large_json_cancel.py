"""Cancelling a call while its payload is encoded."""

from __future__ import absolute_import, division, print_function

import asyncio

import pytest

import waterspout


def test_cancelled_call_sends_nothing():
    """The encoding is given up, and the request never begins."""
    started = []

    class Watching(waterspout.BaseSDK):
        def decode(self, response):
            started.append(response)

    async def cancel():
        sdk = Watching("127.0.0.1:9", 1)
        request = sdk.session.request
        sdk.session.request = lambda *args, **kwargs: started.append(args) or request(
            *args, **kwargs)
        call = sdk.fetch_async("POST", "/", json=[0] * 1000000)
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        for _ in range(100):
            await asyncio.sleep(0)
        await sdk.close()

    asyncio.run(cancel())
    assert not started
