"""Sessions on every transport, called as if they blocked; fixtures of the whole test tree."""

from __future__ import absolute_import, division, print_function

import contextlib
import re
import warnings

import pytest
from raw_server import PATIENCE, RawServer
from tornado import gen
from tornado.ioloop import IOLoop

import waterspout

#: Each test that takes ``transport`` runs once on each.
TRANSPORTS = waterspout.TRANSPORTS


def needs(transport):
    """Skip the test where the package that this transport stands on is not installed."""
    package = {"curl": "pycurl", "threads": "requests"}.get(transport)
    if package is not None:
        pytest.importorskip(package)


@pytest.fixture(params=TRANSPORTS)
def transport(request):
    needs(request.param)
    return request.param


@pytest.fixture
def io_loop():
    with new_io_loop() as io_loop:
        yield io_loop


@pytest.fixture
def current_loop(io_loop):
    """An IOLoop that is the current one, as for code that runs on it: Futures can be made."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # As of Tornado 6.2; 5.1 needs it.
        io_loop.make_current()
        yield io_loop
        io_loop.clear_current()


@contextlib.contextmanager
def new_io_loop():
    io_loop = IOLoop(make_current=False)
    try:
        yield io_loop
    finally:
        io_loop.close(all_fds=True)


@pytest.fixture
def servers():
    servers = []
    yield servers
    for server in servers:
        server.close()


@pytest.fixture
def serve(servers):
    """Start a `RawServer` with this behaviour; it is closed when the test ends."""

    def start(behave, **options):
        servers.append(RawServer(behave, **options))
        return servers[-1]

    return start


@pytest.fixture
def make_client(io_loop, transport, servers):
    """Make a `Client` with options of its own; it is closed when the test ends."""
    clients = []

    def make(**options):
        clients.append(Client(io_loop, transport, **options))
        return clients[-1]

    yield make
    for server in servers:
        server.hang_up()  # A client that waits for a silent one would take its time.
    for client in clients:
        client.close()


@pytest.fixture
def client(make_client):
    """A `Client` on each transport."""
    return make_client()


class Client(object):
    """One Session; ``get``, ``post`` and so on wait and return the Response, or raise."""

    def __init__(self, io_loop, transport, **options):
        self.io_loop = io_loop
        self.transport = transport
        self.session = waterspout.Session(transport=transport, **options)

    def run(self, function):
        """Run the loop until what ``function`` returns is done."""
        return self.io_loop.run_sync(function, timeout=PATIENCE)

    def request(self, method, url, **kwargs):
        return self.run(lambda: self.session.request(method, url, **kwargs))

    def get(self, url, **kwargs):
        return self.request("GET", url, **kwargs)

    def post(self, url, **kwargs):
        return self.request("POST", url, **kwargs)

    def failure(self, method, url, **kwargs):
        """What the call fails with: ``(class, phase, may_have_been_sent)``."""
        error = self.error_of(method, url, **kwargs)
        return type(error), error.phase, error.may_have_been_sent

    def error_of(self, method, url, **kwargs):
        """The RequestException that the call fails with; it names what was attempted."""
        with pytest.raises(waterspout.RequestException) as caught:
            self.request(method, url, **kwargs)
        error = caught.value
        assert error.request.method == method
        assert str(error).startswith("%s %s" % (method, error.request.parsed_url.for_messages))
        return error

    def active(self):
        """Exchanges that hold a place in the transport, as its ``repr`` tells."""
        return sum(
            int(re.search(r"active=(\d+)", repr(transport)).group(1))
            for transport in self.session._transports.values()
        )

    def wait_until_idle(self):
        self.wait_until(lambda: self.active() == 0)

    def wait_until(self, condition):
        """Let the loop run until ``condition()``; fails when that does not come."""
        self.run(lambda: until(condition))

    def close(self):
        self.run(self.session.close)


@gen.coroutine
def until(condition):
    """Resolves once ``condition()`` is true."""
    while not condition():
        yield gen.sleep(0.002)
