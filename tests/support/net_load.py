"""Very many calls of all kinds, some hundred at a time."""

from __future__ import absolute_import, division, print_function

import gc
import os
import random

from net_exchanges import RecordedExchange

from waterspout._compat import Future
from waterspout._net.body_sources import IteratorBodySource
from waterspout._net.origin import Origin

#: What a call asks for, and so what becomes of it; most are good.
TARGETS = [b"/"] * 12 + [b"/close", b"/half", b"/reset", b"/hang", b"/garbage", b"/stale"]

LARGE = b"x" * 200000 + b"body"


class Load(object):
    """Runs calls until it has run so many.

    Attributes:
        done (Future): has its result when all calls are over.
        outcomes (dict): how many ended how: 200, an error's name, or "cancelled".
    """

    def __init__(self, pool, server, calls, at_once=200, seed=1):
        # type: (Pool, Quick, int, int, int) -> None
        self.done = Future()
        self.outcomes = {}
        self._pool = pool
        self._dice = random.Random(seed)
        self._origins = [Origin("http", "127.0.0.1", server.port),
                         Origin("http", "127.0.0.1", server.port, source_address="127.0.0.1"),
                         Origin("http", "unknown.example", 80)]
        self._left = calls
        self._under_way = 0
        for _ in range(at_once):
            self._next()

    def _next(self):
        if not self._left:
            if not self._under_way and not self.done.done():
                self.done.set_result(None)
            return
        self._left -= 1
        self._under_way += 1
        dice = self._dice
        target = dice.choice(TARGETS)
        method, body = dice.choice([
            (b"GET", None), (b"GET", None), (b"POST", b"body"), (b"PUT", LARGE),
            (b"POST", "iterated"), (b"PUT", b"expected body")])
        if body == "iterated":
            body = IteratorBodySource([b"piece"] * 3 + [b"body"], 19)
        exchange = RecordedExchange(
            method, self._origins[dice.choice([0, 0, 0, 0, 0, 1, 1, 2])], target, body,
            timeout=(30, 0.05) if target == b"/hang" else 30)
        exchange.expects_continue = body == b"expected body" and dice.random() < 0.01
        exchange.on_end = self._ended
        self._pool.run(exchange)
        if dice.random() < 0.05 and not exchange.done:
            exchange.cancel()
            self._ended(exchange)

    def _ended(self, exchange):
        outcome = exchange.status or (
            exchange.failure.__name__ if exchange.failure else "cancelled")
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self._under_way -= 1
        self._pool.io_loop.add_callback(self._next)


def open_descriptors():
    # type: () -> int
    gc.collect()  # What earlier tests forgot to close is not to be closed while a test counts.
    count = 0
    for descriptor in range(4096):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        count += 1
    return count


def living_objects():
    # type: () -> int
    """All that the garbage collector knows of, when it has done its work."""
    for _ in range(3):
        gc.collect()
    return len(gc.get_objects())
