"""Closing a session's transports: the Future is done when all of them are."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

from waterspout._compat import Future, rejected, resolved
from waterspout.transports.per_loop import TransportsPerLoop


class Closing(object):
    """A transport whose ``close`` returns ``closed``."""

    def __init__(self, closed):
        self.close = lambda: closed


class OpenLoop(object):
    """As much of an IOLoop as closing looks at."""

    asyncio_loop = None
    _closing = False


def transports(*closed):
    """Transports, one for each IOLoop, and what their ``close`` returns."""
    found = TransportsPerLoop(None, None)
    for each in closed:
        found[OpenLoop()] = Closing(each)
    return found


def test_it_is_done_at_once_where_all_are(io_loop):
    """It resolves to None, whatever they resolve to."""
    @gen.coroutine
    def run():
        for each in (transports(), transports(resolved("x")), transports(resolved(1), resolved(2))):
            future = each.close()
            assert future.done() and future.result() is None and not each

    io_loop.run_sync(run)


def test_it_waits_for_the_last(io_loop):
    """One of two is done before."""
    @gen.coroutine
    def run():
        last = Future()
        future = transports(resolved(None), last).close()
        assert not future.done()
        last.set_result("x")
        assert (yield future) is None

    io_loop.run_sync(run)


def test_it_fails_as_a_transport_does(io_loop):
    """With the same error."""
    @gen.coroutine
    def run():
        with pytest.raises(ZeroDivisionError):
            yield transports(resolved(None), rejected(ZeroDivisionError())).close()

    io_loop.run_sync(run)


def test_a_users_transport_may_return_anything_that_can_be_yielded(io_loop):
    """A list of Futures, or None."""
    @gen.coroutine
    def run():
        assert (yield transports([resolved(1), resolved(2)], None).close()) is None

    io_loop.run_sync(run)
