"""``AsyncHTTPClient.fetch``; the option is the class that it is configured to."""

from __future__ import absolute_import, division, print_function

import json

from tornado.httpclient import AsyncHTTPClient

from benchmarks import cases
from benchmarks.clients import TIMEOUT

_HEADERS = {"Content-Type": "application/json"}


class Client(object):
    def __init__(self, case, url, option):
        self._url = url
        AsyncHTTPClient.configure(
            option,
            max_clients=case.concurrency,
            defaults={"connect_timeout": TIMEOUT, "request_timeout": TIMEOUT},
        )
        self._client = AsyncHTTPClient()
        self.call = self._post if case.kind.method == "POST" else self._get

    def _get(self):
        return self._client.fetch(self._url)

    def _post(self):
        body = json.dumps(cases.PAYLOAD)
        return self._client.fetch(self._url, method="POST", headers=_HEADERS, body=body)

    def length(self, response):
        return len(response.body)

    def close(self):
        self._client.close()
