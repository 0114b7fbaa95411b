"""requests in a thread pool: ``requests.get`` as it is mostly done, or a session per thread."""

from __future__ import absolute_import, division, print_function

import threading
from concurrent.futures import ThreadPoolExecutor

import requests
from tornado.ioloop import IOLoop

from benchmarks import values
from benchmarks.clients import THREADS, TIMEOUT
from benchmarks.clients.base import Client as Base


class Client(Base):
    """Its calls block; each runs in a thread, as a whole."""

    lacks = {"sdk-each": "an SDK is Waterspout's"}

    def open(self, kind, option):
        self._kind = kind.name
        self._executor = ThreadPoolExecutor(min(THREADS, self.connections))
        self._run = IOLoop.current().run_in_executor
        self._keeps_sessions = option == "session"
        self._of_thread = threading.local()
        if not self._keeps_sessions:
            self.lacks = dict(self.lacks, jar="requests.get has no jar; requests.Session has")

    def shape(self, kind):
        blocking_call = super(Client, self).shape(kind)

        def call(number):
            yield self._run(self._executor, blocking_call, number)

        return call

    def _session(self):
        if not self._keeps_sessions:
            return requests
        session = getattr(self._of_thread, "session", None)
        if session is None:
            session = self._of_thread.session = requests.Session()
            if self._kind == "jar":
                session.cookies.update(values.JAR)
        return session

    def get(self, number):
        self.check(len(self._session().get(self.url, timeout=TIMEOUT).content))

    def get_id(self, number):
        headers = values.request_id(number)
        response = self._session().get(self.url, headers=headers, timeout=TIMEOUT)
        self.check(len(response.content))

    download = jar = get_id

    def headers(self, number):
        headers = values.headers(number)
        response = self._session().get(self.url, headers=headers, timeout=TIMEOUT)
        self.check(len(response.content))

    def get_json(self, number):
        response = self._session().get(
            self.url, headers=values.headers(number), timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    def post_json(self, number):
        response = self._session().post(
            self.url, json=values.payload(number), headers=values.headers(number),
            timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    def params(self, number):
        response = self._session().get(
            self.url, params=values.params(number), headers=values.request_id(number),
            timeout=TIMEOUT)
        self.check(len(response.content))

    def cookies(self, number):
        response = self._session().get(
            self.url, cookies=values.cookies(number), headers=values.request_id(number),
            timeout=TIMEOUT)
        self.check(len(response.content))

    def auth(self, number):
        response = self._session().get(
            self.url, auth=(values.user(number), values.PASSWORD),
            headers=values.request_id(number), timeout=TIMEOUT)
        self.check(len(response.content))

    def stream(self, number):
        headers = values.request_id(number)
        length = 0
        with self._session().get(
                self.url, stream=True, headers=headers, timeout=TIMEOUT) as response:
            for piece in response.iter_content(chunk_size=8192):
                length += len(piece)
        self.check(length)

    def upload(self, number):
        response = self._session().post(
            self.url, data=values.UPLOAD, headers=values.request_id(number), timeout=TIMEOUT)
        self.check(len(response.content))

    def sdk(self, number):
        response = self._session().post(
            self.upstream + values.IMPORT.format(object_id=values.OBJECT_ID),
            json=values.payload(number), headers=dict(values.request_id(number), **values.ORG),
            timeout=TIMEOUT)
        self.check_json(response.json())

    def close(self):
        self._executor.shutdown()
