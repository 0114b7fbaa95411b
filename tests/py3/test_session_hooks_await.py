"""Hooks that are coroutines, and calls that are cancelled while one runs."""

from __future__ import absolute_import, division, print_function

import asyncio

from tornado import locks, web
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout


class Place(web.RequestHandler):
    def initialize(self, asked, gone):
        self.asked = asked
        self.gone = gone

    async def get(self, name):
        self.asked.append(name)
        if name == "from":
            self.redirect("/to")
        elif name == "to":
            self.write(b"arrived")
        else:
            self.write(b"begin")
            await self.flush()
            await self.gone.wait()
            with self.assertRaises(asyncio.CancelledError):
                await call
        self.assertEqual(len(shown), 1)

    @gen_test
    async def test_a_hook_that_is_cancelled_cancels_the_call(self):
        """There will be no response, and nobody waits for one."""
        async def hook(response, **kwargs):
            raise asyncio.CancelledError()

        async with waterspout.Session() as session:
            with self.assertRaises(asyncio.CancelledError):
                await session.get(self.get_url("/to"), hooks={"response": hook})

    @gen_test
    async def test_a_hook_may_cancel_its_own_call(self):
        """The redirect it was shown is not followed."""
        calls, seen = [], []

        def hook(response, **kwargs):
            seen.append(response.status_code)
            calls[0].cancel()
            seen.append("went on")

        async with waterspout.Session() as session:
            calls.append(session.get(self.get_url("/from"), hooks={"response": hook}))
            with self.assertRaises(asyncio.CancelledError):
                await calls[0]
            await session.get(self.get_url("/to"))
        self.assertEqual((seen, self.asked), ([302, "went on"], ["from", "to"]))
