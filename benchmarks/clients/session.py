"""`waterspout.Session`; the option is the name of its transport."""

from __future__ import absolute_import, division, print_function

import waterspout
from benchmarks import cases
from benchmarks.clients import THREADS, TIMEOUT


class Client(object):
    def __init__(self, case, url, option):
        self._url = url
        self._session = waterspout.Session(
            transport=option,
            timeout=TIMEOUT,
            max_connections=case.concurrency,
            max_workers=THREADS,
        )
        self.call = self._post if case.kind.method == "POST" else self._get

    def _get(self):
        return self._session.get(self._url)

    def _post(self):
        return self._session.post(self._url, json=cases.PAYLOAD)

    def length(self, response):
        return len(response.content)

    def close(self):
        return self._session.close()
