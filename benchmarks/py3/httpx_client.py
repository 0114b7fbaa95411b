"""httpx."""

from __future__ import absolute_import, division, print_function

import httpx

from benchmarks import values
from benchmarks.clients import TIMEOUT
from benchmarks.clients.base import Client as Base


class Client(Base):
    lacks = {
        "sdk-each": "an SDK is Waterspout's",
        "cookies": "cookies= of a call is deprecated",
    }

    def open(self, kind, option):
        options = {}
        if kind.name == "jar":
            options = dict(cookies=values.JAR)
        elif kind.name == "sdk":
            options = dict(base_url=self.upstream, headers=values.ORG)
        # Keeps its default number of idle connections: it is slower when it keeps all, for it
        # compares each of them with each.
        limits = httpx.Limits(max_connections=self.connections, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(limits=limits, timeout=TIMEOUT, **options)

    async def get(self, number):
        response = await self._client.get(self.url)
        self.check(len(response.content))

    async def get_id(self, number):
        response = await self._client.get(self.url, headers=values.request_id(number))
        self.check(len(response.content))

    download = jar = get_id

    async def headers(self, number):
        response = await self._client.get(self.url, headers=values.headers(number))
        self.check(len(response.content))

    async def get_json(self, number):
        response = await self._client.get(
            self.url, headers=values.headers(number), timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    async def post_json(self, number):
        response = await self._client.post(
            self.url, json=values.payload(number), headers=values.headers(number),
            timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    async def params(self, number):
        response = await self._client.get(
            self.url, params=values.params(number), headers=values.request_id(number))
        self.check(len(response.content))

    async def auth(self, number):
        response = await self._client.get(
            self.url, auth=(values.user(number), values.PASSWORD),
            headers=values.request_id(number))
        self.check(len(response.content))

    async def stream(self, number):
        length = 0
        async with self._client.stream(
                "GET", self.url, headers=values.request_id(number)) as response:
            async for piece in response.aiter_bytes():
                length += len(piece)
        self.check(length)

    async def upload(self, number):
        response = await self._client.post(
            self.url, content=values.UPLOAD, headers=values.request_id(number))
        self.check(len(response.content))

    async def sdk(self, number):
        response = await self._client.post(
            values.IMPORT.format(object_id=values.OBJECT_ID), json=values.payload(number),
            headers=values.request_id(number))
        self.check_json(response.json())

    def close(self):
        return self._client.aclose()
