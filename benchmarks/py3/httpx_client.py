"""httpx."""

from __future__ import absolute_import, division, print_function

import httpx

from benchmarks import cases
from benchmarks.clients import TIMEOUT


class Client(object):
    def __init__(self, case, url, option):
        self._url = url
        # Keeps its default number of idle connections: it is slower when it keeps all, for it
        # compares each of them with each.
        limits = httpx.Limits(max_connections=case.concurrency, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(limits=limits, timeout=TIMEOUT)
        self.call = self._post if case.kind.method == "POST" else self._get

    def _get(self):
        return self._client.get(self._url)

    def _post(self):
        return self._client.post(self._url, json=cases.PAYLOAD)

    def length(self, response):
        return len(response.content)

    def close(self):
        return self._client.aclose()
