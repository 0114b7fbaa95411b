"""``fetch_async(..., stream=True)`` resolves to the response, whose body is read later."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen

import waterspout
from waterspout.testing import MockTransport


class Envelope(waterspout.BaseSDK):
    """Its `decode` needs the whole body."""

    def decode(self, response):
        return super(Envelope, self).decode(response)["data"]


@pytest.fixture
def mock():
    return MockTransport()


@pytest.mark.parametrize("sdk_class", [waterspout.BaseSDK, Envelope])
def test_a_streamed_response_is_not_decoded(io_loop, mock, sdk_class):
    mock.get("/lines").respond(pieces=[b"1\n", b"2\n"])
    sdk = sdk_class("host.test", transport=mock)

    @gen.coroutine
    def run():
        response = yield sdk.fetch_async("GET", "/lines", stream=True)
        assert (response.status_code, response.headers["Transfer-Encoding"]) == (200, "chunked")
        lines = response.iter_lines()
        assert (yield lines.next()) == b"1"
        assert (yield lines.next()) == b"2"

    io_loop.run_sync(run)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_status_that_is_not_2xx_is_an_error_whose_body_can_be_read(io_loop, mock, status):
    mock.post("/lines").respond(status, text="why", headers={"Location": "/other"})
    sdk = Envelope("host.test", transport=mock)

    @gen.coroutine
    def run():
        with pytest.raises(waterspout.HTTPError) as caught:
            yield sdk.fetch_async("POST", "/lines", stream=True)
        assert caught.value.response.status_code == status
        assert (yield caught.value.response.read()) == b"why"

    io_loop.run_sync(run)


def test_errors_empty_holds_for_the_head(io_loop, mock):
    mock.get("/lines").respond(500)
    sdk = waterspout.BaseSDK("host.test", transport=mock, errors="empty")
    assert io_loop.run_sync(lambda: sdk.fetch_async("GET", "/lines", stream=True)) == {}


@pytest.mark.parametrize("stream", [None, False])
def test_without_it_the_response_is_decoded(io_loop, mock, stream):
    mock.get("/one").respond(json={"data": [1]})
    sdk = Envelope("host.test", transport=mock)
    assert io_loop.run_sync(lambda: sdk.fetch_async("GET", "/one", stream=stream)) == [1]
