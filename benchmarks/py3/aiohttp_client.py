"""aiohttp, on the stock event loop."""

from __future__ import absolute_import, division, print_function

import aiohttp

from benchmarks import values
from benchmarks.clients import TIMEOUT
from benchmarks.clients.base import Client as Base

_CALL_TIMEOUT = aiohttp.ClientTimeout(total=values.CALL_TIMEOUT)


class Client(Base):
    lacks = {"sdk-each": "an SDK is Waterspout's"}

    def open(self, kind, option):
        options = {}
        if kind.name == "jar":  # The default jar keeps no cookies of IP addresses.
            options = dict(cookies=values.JAR, cookie_jar=aiohttp.CookieJar(unsafe=True))
        elif kind.name == "sdk":
            options = dict(base_url=self.upstream, headers=values.ORG)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self.connections),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            **options
        )

    async def get(self, number):
        async with self._session.get(self.url) as response:
            self.check(len(await response.read()))

    async def get_id(self, number):
        async with self._session.get(self.url, headers=values.request_id(number)) as response:
            self.check(len(await response.read()))

    download = jar = get_id

    async def headers(self, number):
        async with self._session.get(self.url, headers=values.headers(number)) as response:
            self.check(len(await response.read()))

    async def get_json(self, number):
        async with self._session.get(
                self.url, headers=values.headers(number), timeout=_CALL_TIMEOUT) as response:
            self.check_json(await response.json())

    async def post_json(self, number):
        async with self._session.post(
                self.url, json=values.payload(number), headers=values.headers(number),
                timeout=_CALL_TIMEOUT) as response:
            self.check_json(await response.json())

    async def params(self, number):
        async with self._session.get(
                self.url, params=values.params(number),
                headers=values.request_id(number)) as response:
            self.check(len(await response.read()))

    async def cookies(self, number):
        async with self._session.get(
                self.url, cookies=values.cookies(number),
                headers=values.request_id(number)) as response:
            self.check(len(await response.read()))

    async def auth(self, number):
        headers = values.request_id(number)
        # Its BasicAuth and auth= are deprecated in favour of this.
        headers["Authorization"] = aiohttp.encode_basic_auth(values.user(number), values.PASSWORD)
        async with self._session.get(self.url, headers=headers) as response:
            self.check(len(await response.read()))

    async def stream(self, number):
        length = 0
        async with self._session.get(self.url, headers=values.request_id(number)) as response:
            async for piece in response.content.iter_any():
                length += len(piece)
        self.check(length)

    async def upload(self, number):
        async with self._session.post(
                self.url, data=values.UPLOAD, headers=values.request_id(number)) as response:
            self.check(len(await response.read()))

    async def sdk(self, number):
        async with self._session.post(
                values.IMPORT.format(object_id=values.OBJECT_ID), json=values.payload(number),
                headers=values.request_id(number)) as response:
            self.check_json(await response.json())

    def close(self):
        return self._session.close()
