"""pyqwest: Rust, with threads of its own."""

from __future__ import absolute_import, division, print_function

import pyqwest

from benchmarks import cases
from benchmarks.clients import TIMEOUT

_HEADERS = {"Content-Type": "application/json"}


class Client(object):
    def __init__(self, case, url, option):
        self._url = url
        self._transport = pyqwest.HTTPTransport(
            timeout=TIMEOUT, pool_max_idle_per_host=case.concurrency
        )
        self._client = pyqwest.Client(self._transport)
        self.call = self._post if case.kind.method == "POST" else self._get

    def _get(self):
        return self._client.get(self._url)

    def _post(self):
        return self._client.post(self._url, headers=_HEADERS, content=cases.PAYLOAD)

    def length(self, response):
        return len(response.content)

    def close(self):
        return self._transport.aclose()
