"""The worker of `benchmarks.load` as a Python 3 program would write it."""

from __future__ import absolute_import, division, print_function


async def work(load):
    # type: (Load) -> None
    call, length, ended = load.client.call, load.client.length, load.ended
    try:
        while load.left > 0:
            load.left -= 1
            reply = await call()
            ended(length(reply))
    finally:
        load.stop()
