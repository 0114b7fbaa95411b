"""requests in a thread pool: ``requests.get`` as it is mostly done, or a session per thread."""

from __future__ import absolute_import, division, print_function

import threading
from concurrent.futures import ThreadPoolExecutor

import requests
from tornado.ioloop import IOLoop

from benchmarks import cases
from benchmarks.clients import THREADS, TIMEOUT


class Client(object):
    def __init__(self, case, url, option):
        self._url = url
        self._executor = ThreadPoolExecutor(min(THREADS, case.concurrency))
        self._run = IOLoop.current().run_in_executor
        self._keeps_sessions = option == "session"
        self._of_thread = threading.local()
        self._blocking_call = self._post if case.kind.method == "POST" else self._get

    def call(self):
        return self._run(self._executor, self._blocking_call)

    def _get(self):
        return self._session().get(self._url, timeout=TIMEOUT)

    def _post(self):
        return self._session().post(self._url, json=cases.PAYLOAD, timeout=TIMEOUT)

    def _session(self):
        if not self._keeps_sessions:
            return requests
        session = getattr(self._of_thread, "session", None)
        if session is None:
            session = self._of_thread.session = requests.Session()
        return session

    def length(self, response):
        return len(response.content)

    def close(self):
        self._executor.shutdown()
