"""Clients that a program gets after `waterspout.install`, with a server."""

from __future__ import absolute_import, division, print_function

from installation_fixtures import on
from raw_server import answering, response
from tornado.httpclient import AsyncHTTPClient, HTTPClient

OK = response(b"ok")


def test_tornados_blocking_client_uses_the_installed_one(install, serve):
    """It makes an AsyncHTTPClient of its own."""
    install()
    server = serve(answering(OK))
    client = HTTPClient()
    try:
        assert [client.fetch(server.url()).body for _ in range(2)] == [b"ok"] * 2
    finally:
        client.close()
    assert server.accepted == 1


def test_a_program_that_configures_for_each_call_reuses_its_connection(install, serve, io_loop):
    """As thumbor's loader does it: ``configure(None, max_clients=...)``, then the loop's client."""
    install()
    server = serve(answering(OK))

    def load():
        AsyncHTTPClient.configure(None, max_clients=10)
        return AsyncHTTPClient().fetch(server.url())

    for _ in range(20):
        assert io_loop.run_sync(load, timeout=30).body == b"ok"
    on(io_loop, AsyncHTTPClient)
    assert server.accepted == 1
