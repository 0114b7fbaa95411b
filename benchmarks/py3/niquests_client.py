"""niquests, its asynchronous session."""

from __future__ import absolute_import, division, print_function

import niquests

from benchmarks import values
from benchmarks.clients import TIMEOUT
from benchmarks.clients.base import Client as Base


class Client(Base):
    lacks = {"sdk-each": "an SDK is Waterspout's"}

    def open(self, kind, option):
        options = {}
        if kind.name == "sdk":
            options = dict(base_url=self.upstream, headers=values.ORG)
        self._session = niquests.AsyncSession(
            pool_maxsize=self.connections, timeout=TIMEOUT, **options)
        if kind.name == "jar":
            self._session.cookies.update(values.JAR)

    async def get(self, number):
        response = await self._session.get(self.url)
        self.check(len(response.content))

    async def get_id(self, number):
        response = await self._session.get(self.url, headers=values.request_id(number))
        self.check(len(response.content))

    download = jar = get_id

    async def headers(self, number):
        response = await self._session.get(self.url, headers=values.headers(number))
        self.check(len(response.content))

    async def get_json(self, number):
        response = await self._session.get(
            self.url, headers=values.headers(number), timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    async def post_json(self, number):
        response = await self._session.post(
            self.url, json=values.payload(number), headers=values.headers(number),
            timeout=values.CALL_TIMEOUT)
        self.check_json(response.json())

    async def params(self, number):
        response = await self._session.get(
            self.url, params=values.params(number), headers=values.request_id(number))
        self.check(len(response.content))

    async def cookies(self, number):
        response = await self._session.get(
            self.url, cookies=values.cookies(number), headers=values.request_id(number))
        self.check(len(response.content))

    async def auth(self, number):
        response = await self._session.get(
            self.url, auth=(values.user(number), values.PASSWORD),
            headers=values.request_id(number))
        self.check(len(response.content))

    async def stream(self, number):
        length = 0
        response = await self._session.get(
            self.url, stream=True, headers=values.request_id(number))
        async for piece in await response.iter_content():
            length += len(piece)
        self.check(length)

    async def upload(self, number):
        response = await self._session.post(
            self.url, data=values.UPLOAD, headers=values.request_id(number))
        self.check(len(response.content))

    async def sdk(self, number):
        response = await self._session.post(
            values.IMPORT.format(object_id=values.OBJECT_ID), json=values.payload(number),
            headers=values.request_id(number))
        self.check_json(response.json())

    def close(self):
        return self._session.close()
