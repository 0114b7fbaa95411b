"""`BaseSDK.decode` runs where the response arrives: whatever it does, the calls of others go on.

Each transport reads responses from its sockets in its own way, so there is a server.
"""

from __future__ import absolute_import, division, print_function

import pytest
from client_fixtures import needs
from raw_server import PATIENCE, answering, response
from tornado import gen

import waterspout

OK = response(b'{"ok": true}')
CALLS = 5


class SDK(waterspout.BaseSDK):
    """Does ``work(sdk, response)`` with the first response; the others are decoded as usual."""

    work = None

    def decode(self, response):
        work, self.work = self.work, None
        if work is not None:
            return work(self, response)
        return super(SDK, self).decode(response)


@pytest.fixture
def call(io_loop, serve, transport):
    """Make calls at the same time; return what each gave, and what one after them gave."""
    needs(transport)
    server = serve(answering(OK))

    def make(work, calls=CALLS):
        @gen.coroutine
        def all_calls():
            sdk = SDK(server.address, transport=transport, max_workers=2)
            sdk.work = work
            futures = [sdk.fetch_async("GET", "/%d" % number) for number in range(calls)]
            outcomes = []
            for future in futures:
                try:
                    outcome = yield future
                    if gen.is_future(outcome):  # Of a call that was begun in `decode`.
                        outcome = "again", (yield outcome)
                except Exception as error:
                    outcome = error
                outcomes.append(outcome)
            try:
                after = yield sdk.fetch_async("GET", "/after")
            except waterspout.SessionClosed as error:
                after = error
            yield sdk.close()
            raise gen.Return((outcomes, after))

        return io_loop.run_sync(all_calls, timeout=PATIENCE)

    return make


def test_an_error_of_one_call_is_that_of_this_call(call):
    def fail(sdk, response):
        raise KeyError("broken")

    outcomes, after = call(fail)
    assert [str(each) for each in outcomes if isinstance(each, Exception)] == ["'broken'"]
    assert [each for each in outcomes if not isinstance(each, Exception)] == [
        {"ok": True}] * (CALLS - 1)
    assert after == {"ok": True}


def test_it_may_begin_another_call(call):
    """Its Future is the result, as ``decode`` has returned it."""
    def ask_again(sdk, response):
        return sdk.fetch_async("GET", "/again")

    outcomes, after = call(ask_again)
    assert [each for each in outcomes if not isinstance(each, dict)] == [("again", {"ok": True})]
    assert len(outcomes) == CALLS and after == {"ok": True}


def test_it_may_close_the_sdk(call):
    """The other calls end, with a result or an error, and nothing is left."""
    def close(sdk, response):
        sdk.close()
        return "closed"

    outcomes, after = call(close)
    assert "closed" in outcomes and isinstance(after, waterspout.SessionClosed)
    assert all(
        each in ("closed", {"ok": True}) or isinstance(each, waterspout.RequestException)
        for each in outcomes), outcomes
