"""Large JSON through `BaseSDK.fetch_async`, as bytes on the wire."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from raw_server import PATIENCE, response
from tornado import gen

import waterspout

LARGE = {u"rows": [{u"name": u"\u4e2d", u"n": n} for n in range(20000)]}
LARGE_JSON = json.dumps(LARGE).encode()


def echo(peer):
    for request in peer.requests():
        content_type = dict(request.headers)["content-type"]
        peer.send(response(request.body, headers=[("Content-Type", content_type)]))


class Reading(waterspout.BaseSDK):
    def decode(self, response):
        assert response.content == LARGE_JSON
        assert response.headers["Content-Type"] == "application/json"
        assert response.json() is response.json()
        assert response.json(parse_int=str)["rows"][1]["n"] == "1"
        return super(Reading, self).decode(response)


@pytest.mark.parametrize("transport", ["pooled", "tornado"])
def test_large_json_is_sent_and_decoded_like_small(io_loop, serve, transport):
    """The bytes are those of a small ``json=``, Content-Type included."""
    @gen.coroutine
    def call():
        sdk = Reading(serve(echo).address, 1, transport=transport)
        try:
            result = yield sdk.fetch_async("POST", "/echo", json=LARGE)
        finally:
            yield sdk.close()
        raise gen.Return(result)

    assert io_loop.run_sync(call, timeout=PATIENCE) == LARGE
