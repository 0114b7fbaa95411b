"""What observers are told of a call that a cassette records."""

from __future__ import absolute_import, division, print_function

import cassettes
import pytest
from tornado import gen

from waterspout.instrumentation import Observer
from waterspout.testing import Cassette, MockTransport


class Told(Observer):
    def __init__(self):
        self.told = []

    def call_connected(self, detail):
        self.told.append("connected")

    def call_first_byte(self, detail):
        self.told.append("first byte")

    def call_done(self, detail):
        self.told.append(("done", detail.response_bytes))


@pytest.mark.parametrize("stream", [False, True])
def test_the_same_as_when_it_is_replayed(tmp_path, stream):
    """The transport below is told of the observers, as it would be without a cassette."""
    @gen.coroutine
    def call(session):
        response = yield session.get("http://host.test/a", stream=stream)
        if stream:
            yield response.read()

    def told(transport):
        observer = Told()
        cassettes.with_session(transport, call, observers=[observer])
        return observer.told

    mock = MockTransport()
    mock.get("/a").respond(json={})
    expected = told(mock)
    assert "connected" in expected and "first byte" in expected
    path = str(tmp_path / "a.json")
    for mode in ("once", "none"):
        with Cassette(path, mode=mode, transport=mock) as cassette:
            assert told(cassette) == expected, mode
