"""A session as a context manager."""

from __future__ import absolute_import, division, print_function

from tornado import web
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout


class Hello(web.RequestHandler):
    def get(self):
        self.write(b"hello")


class SessionTest(AsyncHTTPTestCase):
    def get_app(self):
        return web.Application([(r"/", Hello)])

    @gen_test
    async def test_async_with_a_session_does_not_swallow_errors(self):
        """Whatever the session has to close, what is raised in its block comes out of it."""
        for transport in ("pooled", "tornado"):
            with self.assertRaises(KeyError):
                async with waterspout.Session(transport=transport) as session:
                    await session.get(self.get_url("/"))
                    raise KeyError()

    @gen_test
    async def test_closing_a_session_resolves_to_none(self):
        """As its documentation says, whether there was anything to close or not."""
        session = waterspout.Session()
        await session.get(self.get_url("/"))
        self.assertIsNone(await session.close())
        self.assertIsNone(await session.close())
