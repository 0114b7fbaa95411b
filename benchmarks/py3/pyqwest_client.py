"""pyqwest: Rust, with threads of its own."""

from __future__ import absolute_import, division, print_function

import asyncio

import pyqwest

from benchmarks import values
from benchmarks.clients import TIMEOUT
from benchmarks.clients.base import Client as Base


class Client(Base):
    lacks = {
        "sdk-each": "an SDK is Waterspout's",
        "cookies": "it has no cookies=",
        "jar": "nothing but a response can put a cookie into its store",
        "auth": "it has no auth=",
    }

    def open(self, kind, option):
        self._transport = pyqwest.HTTPTransport(
            timeout=TIMEOUT, pool_max_idle_per_host=self.connections)
        self._client = pyqwest.Client(self._transport)

    async def get(self, number):
        response = await self._client.get(self.url)
        self.check(len(response.content))

    async def get_id(self, number):
        response = await self._client.get(self.url, headers=values.request_id(number))
        self.check(len(response.content))

    download = get_id

    async def headers(self, number):
        response = await self._client.get(self.url, headers=values.headers(number))
        self.check(len(response.content))

    # A call has no timeout of its own; its documentation names asyncio.wait_for.

    async def get_json(self, number):
        response = await asyncio.wait_for(
            self._client.get(self.url, headers=values.headers(number)), values.CALL_TIMEOUT)
        self.check_json(response.json())

    async def post_json(self, number):
        call = self._client.post(
            self.url, headers=dict(values.headers(number), **_JSON),
            content=values.payload(number))
        response = await asyncio.wait_for(call, values.CALL_TIMEOUT)
        self.check_json(response.json())

    async def params(self, number):
        response = await self._client.get(
            self.url, params=values.params(number), headers=values.request_id(number))
        self.check(len(response.content))

    async def stream(self, number):
        length = 0
        async with self._client.stream(
                "GET", self.url, headers=values.request_id(number)) as response:
            async for piece in response.content:
                length += len(piece)
        self.check(length)

    async def upload(self, number):
        response = await self._client.post(
            self.url, headers=values.request_id(number), content=values.UPLOAD)
        self.check(len(response.content))

    async def sdk(self, number):
        headers = dict(values.request_id(number), **values.ORG)
        headers.update(_JSON)
        response = await self._client.post(
            self.upstream + values.IMPORT.format(object_id=values.OBJECT_ID), headers=headers,
            content=values.payload(number))
        self.check_json(response.json())

    def close(self):
        return self._transport.aclose()


_JSON = {"Content-Type": "application/json"}
