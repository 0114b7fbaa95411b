"""aiohttp, on the stock event loop."""

from __future__ import absolute_import, division, print_function

import aiohttp

from benchmarks import cases
from benchmarks.clients import TIMEOUT


class Client(object):
    def __init__(self, case, url, option):
        self._url = url
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=case.concurrency),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
        )
        self.call = self._post if case.kind.method == "POST" else self._get

    async def _get(self):
        async with self._session.get(self._url) as response:
            return await response.read()

    async def _post(self):
        async with self._session.post(self._url, json=cases.PAYLOAD) as response:
            return await response.read()

    def length(self, body):
        return len(body)

    def close(self):
        return self._session.close()
