"""A fetch that fails in the IOLoop's last round; nothing looks at its error any more."""

from __future__ import absolute_import, division, print_function

import gc
import logging

import pytest
from client_fixtures import needs
from raw_server import RawServer
from tornado.ioloop import IOLoop

import waterspout
from waterspout.transports.borrowed.async_client import AsyncClientTransport


@pytest.mark.parametrize("transport", ["curl", "tornado"])
def test_an_error_in_the_last_round_is_not_logged_as_never_retrieved(
        transport, caplog, monkeypatch):
    """A process ends while its calls are cut off: its log says nothing of the client below."""
    needs(transport)
    io_loop = IOLoop()
    io_loop.make_current()
    ends = []

    def stop_instead(transport, exchange, fetched):
        ends.append(fetched.done())
        io_loop.stop()

    monkeypatch.setattr(AsyncClientTransport, "_fetched", stop_instead)
    with caplog.at_level(logging.DEBUG):
        with RawServer(lambda peer: peer.read_request()) as server:
            session = waterspout.Session(transport=transport)
            io_loop.add_callback(session.get, server.url())
            io_loop.start()
        io_loop.close(all_fds=True)
        del session
        gc.collect()
    assert ends == [True]
    assert "never retrieved" not in caplog.text
