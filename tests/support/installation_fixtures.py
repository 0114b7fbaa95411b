"""Fixtures for tests of `waterspout.install`, which changes what ``AsyncHTTPClient`` is."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen
from tornado.httpclient import AsyncHTTPClient

import waterspout


def on(io_loop, make):
    """What ``make`` returns on the loop: a client, which is closed."""

    @gen.coroutine
    def call():
        client = make()
        client.close()
        raise gen.Return(client)

    return io_loop.run_sync(call)


@pytest.fixture
def unconfigured():
    """Each test begins and ends with what Tornado has when nothing was configured."""
    before = AsyncHTTPClient._save_configuration()
    AsyncHTTPClient._restore_configuration((None, None))
    undone = []
    yield undone
    for undo in undone:
        undo()
    assert "configured_class" not in vars(AsyncHTTPClient)
    AsyncHTTPClient._restore_configuration(before)


@pytest.fixture
def install(unconfigured):
    """`waterspout.install`; a test that does not undo it leaves that to its end."""

    def install(**options):
        undo = waterspout.install(**options)
        unconfigured.insert(0, undo)
        return undo

    return install
