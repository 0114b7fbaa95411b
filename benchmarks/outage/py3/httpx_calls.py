"""httpx with tenacity, as their documentation shows it."""

from __future__ import absolute_import, division, print_function

import httpx
from tenacity import retry, stop_after_attempt, stop_after_delay, wait_random_exponential

from benchmarks.outage.scenarios import CONNECTIONS, TOTAL


class Client(object):
    def __init__(self, scenario, urls):
        self._method = scenario.method
        self._urls = urls
        # It has no limit for a call in all, and none for the connections to one host.
        timeout = httpx.Timeout(TOTAL, read=0.1) if scenario.name == "slow" else TOTAL
        options = {}
        if scenario.name == "black-hole":
            options = dict(limits=httpx.Limits(max_connections=CONNECTIONS))
        self._client = httpx.AsyncClient(timeout=timeout, **options)

    async def call(self, number, upstream):
        options = {}
        if self._method == "POST":
            options = dict(headers={"X-Post": "%d" % number}, json={"number": number})
        try:
            await self._request(self._urls[upstream] + "/call", options)
        except httpx.HTTPError:
            return False
        return True

    @retry(stop=stop_after_attempt(3) | stop_after_delay(TOTAL),
           wait=wait_random_exponential(multiplier=0.02), reraise=True)
    async def _request(self, url, options):
        response = await self._client.request(self._method, url, **options)
        response.raise_for_status()
        return response

    def close(self):
        return self._client.aclose()
