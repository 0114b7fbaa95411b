"""The workers of `benchmarks.load` as a Python 3 program would write them."""

from __future__ import absolute_import, division, print_function

import inspect


def work(load):
    # type: (Load) -> Awaitable[None]
    return (awaiting if inspect.iscoroutinefunction(load.call) else stepping)(load)


async def awaiting(load):
    # type: (Load) -> None
    """Make calls that are ``async def``."""
    call, numbers = load.call, load.numbers
    try:
        while load.left > 0:
            load.left -= 1
            await call(next(numbers))
            load.done += 1
    finally:
        load.stop()


async def stepping(load):
    # type: (Load) -> None
    """Make calls that are generators, whose waiting is done here."""
    call, numbers = load.call, load.numbers
    try:
        while load.left > 0:
            load.left -= 1
            steps, result = call(next(numbers)), None
            try:
                while True:
                    result = await steps.send(result)
            except StopIteration:
                load.done += 1
    finally:
        load.stop()
