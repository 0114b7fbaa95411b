"""``AsyncHTTPClient.fetch``; the option is the class that it is configured to."""

from __future__ import absolute_import, division, print_function

import json

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httputil import url_concat

from benchmarks import values
from benchmarks.clients import TIMEOUT
from benchmarks.clients.base import Client as Base


class Client(Base):
    """Tornado's interface has no cookies: the field that they are sent in takes their place."""

    lacks = {"sdk-each": "an SDK is Waterspout's"}

    def open(self, kind, option):
        AsyncHTTPClient.configure(
            option,
            max_clients=self.connections,
            defaults={"connect_timeout": TIMEOUT, "request_timeout": TIMEOUT},
        )
        self._client = AsyncHTTPClient()

    def get(self, number):
        response = yield self._client.fetch(self.url)
        self.check(len(response.body))

    def get_id(self, number):
        response = yield self._client.fetch(self.url, headers=values.request_id(number))
        self.check(len(response.body))

    download = get_id

    def headers(self, number):
        response = yield self._client.fetch(self.url, headers=values.headers(number))
        self.check(len(response.body))

    def get_json(self, number):
        response = yield self._client.fetch(
            self.url, headers=values.headers(number), request_timeout=values.CALL_TIMEOUT)
        self.check_json(json.loads(response.body))

    def post_json(self, number):
        request = HTTPRequest(
            self.url, method="POST", body=json.dumps(values.payload(number)),
            headers=dict(values.headers(number), **_JSON), request_timeout=values.CALL_TIMEOUT)
        response = yield self._client.fetch(request)
        self.check_json(json.loads(response.body))

    def params(self, number):
        url = url_concat(self.url, values.params(number))
        response = yield self._client.fetch(url, headers=values.request_id(number))
        self.check(len(response.body))

    def cookies(self, number):
        headers = dict(values.request_id(number), Cookie=_field(values.cookies(number)))
        response = yield self._client.fetch(self.url, headers=headers)
        self.check(len(response.body))

    def jar(self, number):
        headers = dict(values.request_id(number), Cookie=_field(values.JAR))
        response = yield self._client.fetch(self.url, headers=headers)
        self.check(len(response.body))

    def auth(self, number):
        response = yield self._client.fetch(
            self.url, auth_username=values.user(number), auth_password=values.PASSWORD,
            headers=values.request_id(number))
        self.check(len(response.body))

    def stream(self, number):
        lengths = []
        yield self._client.fetch(
            self.url, streaming_callback=lambda piece: lengths.append(len(piece)),
            headers=values.request_id(number))
        self.check(sum(lengths))

    def upload(self, number):
        response = yield self._client.fetch(
            self.url, method="POST", body=values.UPLOAD, headers=values.request_id(number))
        self.check(len(response.body))

    def sdk(self, number):
        headers = dict(values.request_id(number), **values.ORG)
        headers.update(_JSON)
        request = HTTPRequest(
            self.upstream + values.IMPORT.format(object_id=values.OBJECT_ID), method="POST",
            body=json.dumps(values.payload(number)), headers=headers)
        response = yield self._client.fetch(request)
        self.check_json(json.loads(response.body))

    def close(self):
        self._client.close()


_JSON = {"Content-Type": "application/json"}


def _field(cookies):
    # type: (dict[str, str]) -> str
    return "; ".join("%s=%s" % pair for pair in cookies.items())
