"""MockTransport and FakeClock with `async def`, asyncio's own timers and cancelling."""

from __future__ import absolute_import, division, print_function

import asyncio
import contextvars

import pytest

import waterspout
from waterspout.testing import FakeClock, MockTransport, make_response

URL = "http://host.test/a"


def test_a_coroutine_answers():
    async def answer(sent):
        await asyncio.sleep(30)
        return make_response(json=sent.json())

    async def run():
        with MockTransport() as mock, FakeClock() as clock:
            mock.post("/a").call(answer)
            async with waterspout.Session(transport=mock) as session:
                call = session.post(URL, json=[1], timeout=60)
                await clock.advance(29)
                assert not call.done()
                await clock.advance(1)
                assert (await call).json() == [1]

    asyncio.run(run())


@pytest.mark.parametrize("has_body", [False, True])
def test_a_cancelled_call_frees_its_place(has_body):
    """Also while its body is collected."""
    async def pieces():
        yield b"a"
        await asyncio.sleep(3600)

    async def run():
        mock = MockTransport()
        mock.post("/a").never()
        mock.get("/a")
        session = waterspout.Session(transport=mock, max_connections=1, timeout=None)
        with FakeClock() as clock:
            call = session.post(URL, data=pieces() if has_body else None)
            await clock.advance(5)
            assert call.cancel()
            await clock.advance(0)
            assert (await session.get(URL)).ok
        await session.close()

    asyncio.run(run())


def test_timers_of_asyncio():
    """`sleep`, `wait_for`, `call_later`, `call_at` and the loop's clock."""
    async def run():
        loop, called = asyncio.get_running_loop(), []
        variable = contextvars.ContextVar("variable", default="outside")
        with FakeClock() as clock:
            start = loop.time()
            loop.call_later(2, called.append, "later")
            handle = loop.call_at(start + 3, called.append, "at")
            assert handle.when() == pytest.approx(start + 3)
            loop.call_later(1, called.append, "cancelled").cancel()
            variable.set("inside")
            loop.call_later(4, lambda: called.append(variable.get()))
            loop.call_later(
                5, lambda: called.append(variable.get()), context=contextvars.Context())
            variable.set("after")
            waiting = asyncio.ensure_future(asyncio.wait_for(asyncio.Event().wait(), 6))
            sleeping = asyncio.ensure_future(asyncio.sleep(7, "slept"))
            await clock.advance(6.5)
            assert called == ["later", "at", "inside", "outside"]
            with pytest.raises(asyncio.TimeoutError):
                await waiting
            assert not sleeping.done()
            await clock.advance(0.5)
            assert await sleeping == "slept" and loop.time() - start == pytest.approx(7)
        assert not {"time", "call_later", "call_at"} & set(vars(loop))

    asyncio.run(run())


def test_two_loops_one_after_the_other():
    """A clock entered outside takes each loop that runs, as under pytest-asyncio."""
    async def run(clock):
        sleeping = asyncio.ensure_future(asyncio.sleep(60))
        await clock.advance(0)
        assert not sleeping.done()
        sleeping = asyncio.ensure_future(asyncio.sleep(60))
        await clock.advance(60)
        assert sleeping.done()

    with FakeClock() as clock:
        asyncio.run(run(clock))
        asyncio.run(run(clock))
        assert clock.elapsed == 120


def test_another_event_loop_is_refused():
    """uvloop's timers are out of reach; it says so instead of never ending."""
    uvloop = pytest.importorskip("uvloop")

    async def run():
        with pytest.raises(TypeError, match="FakeClock cannot drive"):
            with FakeClock():
                pass
        with pytest.raises(TypeError):  # Not "another one is in use".
            with FakeClock():
                pass

    loop = uvloop.new_event_loop()
    try:
        loop.run_until_complete(run())
    finally:
        loop.close()
