"""`waterspout.Session` and `waterspout.BaseSDK`; the option is the name of the transport."""

from __future__ import absolute_import, division, print_function

import sys

import waterspout
from benchmarks import values
from benchmarks.clients import THREADS, TIMEOUT
from benchmarks.clients.base import Client as Base


class Client(Base):
    def open(self, kind, option):
        self._options = dict(
            transport=option,
            timeout=TIMEOUT,
            max_connections=self.connections,
            max_workers=THREADS,
        )
        cookies = values.JAR if kind.name == "jar" else {}
        self._session = waterspout.Session(cookies=cookies, **self._options)
        self._sdk = self._make_sdk()

    def _make_sdk(self):
        return waterspout.BaseSDK(self.upstream, org=1, **self._options)

    def get(self, number):
        response = yield self._session.get(self.url)
        self.check(len(response.content))

    def get_id(self, number):
        response = yield self._session.get(self.url, headers=values.request_id(number))
        self.check(len(response.content))

    download = jar = get_id

    def headers(self, number):
        response = yield self._session.get(self.url, headers=values.headers(number))
        self.check(len(response.content))

    def get_json(self, number):
        response = yield self._session.get(
            self.url, headers=values.headers(number), timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    def post_json(self, number):
        response = yield self._session.post(
            self.url, json=values.payload(number), headers=values.headers(number),
            timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    def params(self, number):
        response = yield self._session.get(
            self.url, params=values.params(number), headers=values.request_id(number))
        self.check(len(response.content))

    def cookies(self, number):
        response = yield self._session.get(
            self.url, cookies=values.cookies(number), headers=values.request_id(number))
        self.check(len(response.content))

    def auth(self, number):
        response = yield self._session.get(
            self.url, auth=(values.user(number), values.PASSWORD),
            headers=values.request_id(number))
        self.check(len(response.content))

    def stream(self, number):
        response = yield self._session.get(
            self.url, stream=True, headers=values.request_id(number))
        length = 0
        try:
            pieces = response.iter_content()
            piece = yield pieces.next()
            while piece:
                length += len(piece)
                piece = yield pieces.next()
        finally:
            response.close()
        self.check(length)

    def upload(self, number):
        response = yield self._session.post(
            self.url, data=values.UPLOAD, headers=values.request_id(number))
        self.check(len(response.content))

    def sdk(self, number):
        self.check_json((yield self._import(self._sdk, number)))

    def sdk_each(self, number):
        sdk = self._make_sdk()
        try:
            self.check_json((yield self._import(sdk, number)))
        finally:
            sdk.close()

    def _import(self, sdk, number):
        return sdk.fetch_async(
            "POST", values.IMPORT, path={"object_id": values.OBJECT_ID},
            json=values.payload(number), headers=values.request_id(number))

    def close(self):
        self._sdk.close()
        return self._session.close()


if sys.version_info[0] > 2:
    from benchmarks.py3.session_stream import stream

    Client.stream = stream
