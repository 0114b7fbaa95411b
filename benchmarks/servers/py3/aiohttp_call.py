"""A call by aiohttp, whose session is made for the first one and kept."""

from __future__ import absolute_import, division, print_function

import aiohttp

_session = None


async def call(url, headers, payload):
    global _session
    if _session is None:
        _session = aiohttp.ClientSession()
    async with _session.post(url, json=payload, headers=headers) as response:
        return response.status, await response.json()
