"""Streaming in the words of Python 3."""

from __future__ import absolute_import, division, print_function

import asyncio
import gc

from tornado import web
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout


class Body(web.RequestHandler):
    def get(self):
        self.write(b"x" * 100000)

    def post(self):
        self.write(str(len(self.request.body)))


class Endless(web.RequestHandler):
    async def get(self):
        self.write(b"x" * 1000)
        await self.flush()
        await asyncio.Event().wait()


class StreamingTest(AsyncHTTPTestCase):
    def get_app(self):
        return web.Application([(r"/", Body), (r"/endless", Endless)])

    @gen_test
    async def test_a_cancelled_download_logs_nothing(self):
        """However it is read: a cancelled stream is no error."""
        complaints = []
        asyncio.get_running_loop().set_exception_handler(
            lambda loop, context: complaints.append(context))

        async def read(session, begun, iterate):
            async with session.get(self.get_url("/endless"), stream=True) as response:
                begun.set()
                await iterate(response)

        async def pieces(response):
            async for _ in response.iter_content():
                pass

        async def sized(response):
            async for _ in response.iter_content(300):
                pass

        async def lines(response):
            async for _ in response.iter_lines():
                pass

        async with waterspout.Session() as session:
            for iterate in (pieces, sized, lines, waterspout.Response.read):
                begun = asyncio.Event()
                task = asyncio.ensure_future(read(session, begun, iterate))
                await begun.wait()
                await asyncio.sleep(0)
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                del task
                gc.collect()
        self.assertEqual(complaints, [])

    @gen_test
    async def test_async_for_and_async_with(self):
        """The body is iterated, and the response closed behind the block."""
        async with waterspout.Session(transport="pooled") as session:
            async with session.get(self.get_url("/"), stream=True) as response:
                size = 0
                async for piece in response.iter_content(chunk_size=1000):
                    size += len(piece)
        self.assertEqual(size, 100000)

    @gen_test
    async def test_async_with_of_a_refused_call(self):
        """It raises what the call was refused for, before the block."""
        async with waterspout.Session() as session:
            with self.assertRaises(waterspout.InvalidURL) as caught:
                async with session.get("http://", stream=True):
                    self.fail("the block was entered")
        self.assertFalse(caught.exception.may_have_been_sent)

    @gen_test
    async def test_asynchronous_generator_is_a_body(self):
        """What an async generator yields is sent."""
        async def produce():
            for _ in range(10):
                yield b"x" * 1000

        async with waterspout.Session(transport="pooled") as session:
            response = await session.post(self.get_url("/"), data=produce())
        self.assertEqual(response.text, "10000")

    @gen_test
    async def test_lines_and_the_response_itself(self):
        """``async for`` over lines, over the response, and ``async with`` on what was awaited."""
        async with waterspout.Session(transport="pooled") as session:
            async with await session.get(self.get_url("/"), stream=True) as response:
                lines = [line async for line in response.iter_lines(1000)]
            self.assertEqual([len(line) for line in lines], [100000])
            response = await session.get(self.get_url("/"), stream=True)
            self.assertEqual(sum([len(piece) async for piece in response]), 100000)
            response = await session.get(self.get_url("/"))
            self.assertEqual(b"".join([piece async for piece in response]), response.content)
            self.assertEqual(len(list(response)), 782)
