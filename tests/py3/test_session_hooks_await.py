"""Hooks that are coroutines, and calls that are cancelled while one runs."""

from __future__ import absolute_import, division, print_function

import asyncio
import contextvars

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

    def on_connection_close(self):
        self.gone.set()


class HooksTest(AsyncHTTPTestCase):
    def get_app(self):
        self.asked, self.gone = [], locks.Event()
        return web.Application([
            (r"/(from|to|endless)", Place, {"asked": self.asked, "gone": self.gone})])

    @gen_test
    async def test_a_hook_may_be_a_coroutine_function(self):
        """It may await, and sees every response."""
        seen = []

        async def hook(response, **kwargs):
            await asyncio.sleep(0)
            seen.append(response.status_code)

        async with waterspout.Session() as session:
            response = await session.get(self.get_url("/from"), hooks={"response": hook})
        self.assertEqual((response.content, seen), (b"arrived", [302, 200]))

    @gen_test
    async def test_hooks_run_in_the_context_of_their_call(self):
        """On every transport, of a redirect too, coroutines included."""
        caller = contextvars.ContextVar("caller", default="none")
        seen = []

        def plain(response, **kwargs):
            seen.append((kwargs["timeout"].read, caller.get()))

        async def waiting(response, **kwargs):
            await asyncio.sleep(0)
            seen.append((kwargs["timeout"].read, caller.get()))

        async def call(session, number):
            caller.set(number)
            await session.get(self.get_url("/from"), timeout=number,
                              hooks={"response": [plain, waiting]})

        for transport in ("pooled", "tornado", "threads"):
            async with waterspout.Session(transport=transport) as session:
                await asyncio.gather(*[call(session, number) for number in range(10, 30)])
        self.assertEqual(len(seen), 3 * 20 * 2 * 2)
        self.assertEqual([each for each in seen if each[0] != each[1]], [])

    @gen_test
    async def test_a_cancelled_call_cancels_its_hook(self):
        """The coroutine ends; the stream that it got is closed, though it is still referenced."""
        begun, ended, shown = asyncio.Event(), asyncio.Event(), []

        async def hook(response, **kwargs):
            shown.append(response)
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        async with waterspout.Session() as session:
            call = session.get(self.get_url("/endless"), hooks={"response": hook}, stream=True)
            await begun.wait()
            call.cancel()
            await ended.wait()
            await self.gone.wait()
            with self.assertRaises(asyncio.CancelledError):
                await call
        self.assertEqual(len(shown), 1)

    @gen_test
    async def test_a_hook_that_is_cancelled_cancels_the_call(self):
        """There will be no response."""
        async def hook(response, **kwargs):
            raise asyncio.CancelledError()

        async with waterspout.Session() as session:
            call = session.get(self.get_url("/to"), hooks={"response": hook})
            await asyncio.wait([call], timeout=4)
            self.assertTrue(call.cancelled())

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

    @gen_test
    async def test_the_deadline_cancels_a_hook_but_no_future_it_shares(self):
        """One call's time is up; another still waits for what both of them asked for."""
        token, ended = asyncio.get_running_loop().create_future(), []

        async def refresh(response, **kwargs):
            try:
                await asyncio.shield(token)
            finally:
                ended.append(response)

        async with waterspout.Session() as session:
            url, soon = self.get_url("/to"), waterspout.ClientTimeout(total=0.1)
            hooks = {"response": lambda response, **kwargs: token}
            patient = session.get(url, hooks=hooks)
            for hook in (refresh, lambda response, **kwargs: token):
                with self.assertRaises(waterspout.DeadlineExceeded):
                    await session.get(url, hooks={"response": hook}, timeout=soon)
            token.set_result(None)
            self.assertEqual((await patient).content, b"arrived")
        self.assertEqual(len(ended), 1)
