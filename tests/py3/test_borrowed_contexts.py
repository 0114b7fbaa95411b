"""A borrowed client is called in the context of the call, also if the call has waited.

Libraries that trace the client find the span of their caller there, and only there.
"""

from __future__ import absolute_import, division, print_function

import contextvars

import pytest
import requests
from raw_server import RawServer, answering, response
from tornado import simple_httpclient

import waterspout

CALLER = contextvars.ContextVar("caller", default=None)


@pytest.fixture
def callers(monkeypatch):
    """Who called the client, as it sees it, in order."""
    seen = []

    def note(owner, name):
        original = getattr(owner, name)

        def noting(*args, **kwargs):
            seen.append(CALLER.get())
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, noting)

    note(simple_httpclient.SimpleAsyncHTTPClient, "fetch_impl")
    note(requests.adapters.HTTPAdapter, "send")
    return seen


@pytest.mark.parametrize("transport, limit", [("tornado", "max_connections"),
                                              ("threads", "max_workers")])
def test_the_client_is_called_in_the_callers_context(callers, io_loop, transport, limit):
    """One connection: all calls but the first wait until another one has ended."""
    names = ["a", "b", "c"]
    with RawServer(answering(*[response(b"{}")] * 3)) as server:

        async def run():
            async with waterspout.Session(transport=transport, **{limit: 1}) as session:
                calls = [
                    contextvars.Context().run(call, session, server.url(), name) for name in names]
                for each in calls:
                    await each

        io_loop.run_sync(run, timeout=20)
    assert callers == names


def call(session, url, name):
    CALLER.set(name)
    return session.get(url)
