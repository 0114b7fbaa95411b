"""aiohttp with aiohttp-retry, as their documentation shows it."""

from __future__ import absolute_import, division, print_function

import asyncio

import aiohttp
from aiohttp_retry import ExponentialRetry, RetryClient

from benchmarks.outage.scenarios import CONNECTIONS, OF_ONE, TOTAL


class Client(object):
    def __init__(self, scenario, urls):
        self._method = scenario.method
        self._urls = urls
        connector = None
        if scenario.name == "black-hole":
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, limit_per_host=OF_ONE)
        read = 0.1 if scenario.name == "slow" else None
        timeout = aiohttp.ClientTimeout(total=TOTAL, sock_read=read)
        self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        # Its text says that it retries after all exceptions; without this it does after none.
        exceptions = {aiohttp.ClientError, asyncio.TimeoutError}
        self._client = RetryClient(
            client_session=self._session, raise_for_status=False,
            retry_options=ExponentialRetry(
                attempts=3, start_timeout=0.02, exceptions=exceptions))

    async def call(self, number, upstream):
        options = {}
        if self._method == "POST":
            options = dict(headers={"X-Post": "%d" % number}, json={"number": number})
        try:
            async with self._client.request(
                    self._method, self._urls[upstream] + "/call", **options) as response:
                await response.read()
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    def close(self):
        return self._client.close()
