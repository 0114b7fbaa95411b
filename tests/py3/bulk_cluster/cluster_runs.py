"""run: a call on a cluster, in a loop of its own."""

from __future__ import absolute_import, division, print_function

import asyncio

#: Seconds after which a call is taken to hang.
PATIENCE = 60


def run(function):
    """Return what the coroutine that ``function`` makes returns."""
    async def limited():
        return await asyncio.wait_for(function(), PATIENCE)

    return asyncio.run(limited())
