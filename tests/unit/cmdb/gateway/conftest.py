"""The gateway in this process, and a mock in the place of the CMDB: there are no sockets."""

from __future__ import absolute_import, division, print_function

import pytest
from client_fixtures import Client
from tornado import gen

from waterspout.testing import AppTransport, FakeClock, MockTransport
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sdk import CMDBSDK


@pytest.fixture
def cmdb():
    """A `MockTransport`: the test says which calls the CMDB gets; they are checked at its end."""
    mock = MockTransport()
    yield mock
    mock.check()


@pytest.fixture
def make_gateway(io_loop, cmdb):
    """``make_gateway(sdk_class, sdk={}, **arguments)``: a gateway with these of `make_app`."""
    gateways = []

    def make(sdk_class=CMDBSDK, sdk=None, **arguments):
        sdk = sdk_class("cmdb.test", org=1, user="me", transport=cmdb, **(sdk or {}))
        gateways.append(Gateway(io_loop, make_app(sdk, **arguments)))
        return gateways[-1]

    yield make
    for gateway in gateways:
        gateway.close()


@pytest.fixture
def gateway(make_gateway):
    """A gateway with the defaults of `make_app`."""
    return make_gateway()


class Gateway(Client):
    """A client of a gateway; ``send`` and ``post`` wait and return the Response.

    Whatever has a body must be JSON.
    """

    def __init__(self, io_loop, application):
        super(Gateway, self).__init__(io_loop, AppTransport(application), timeout=None)
        self.session.hooks["response"] = check_is_json
        self.application = application

    def close(self):
        super(Gateway, self).close()
        self.run(self.application.shutdown)

    def send(self, method, path, body=b"{}", host="gateway.test", **kwargs):
        return self.request(method, "http://" + host + path, data=body, **kwargs)

    def post(self, path, body=b"{}", **kwargs):
        return self.send("POST", path, body, **kwargs)

    def post_and_wait(self, path, seconds):
        """Post; after ``seconds`` of a `FakeClock`, not earlier, the Response must be there."""
        @gen.coroutine
        def run():
            with FakeClock() as clock:
                call = self.session.post("http://gateway.test" + path, data=b"{}")
                yield clock.advance(seconds - 0.01)
                assert not call.done()
                yield clock.advance(0.01)
                assert call.done()
            raise gen.Return(call.result())

        return self.run(run)


def check_is_json(response, *args, **kwargs):
    content_type = response.headers.get("Content-Type")
    assert not response.content or content_type == "application/json; charset=utf-8", response
