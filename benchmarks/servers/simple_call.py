"""A call by the client that Tornado brings."""

from __future__ import absolute_import, division, print_function

import json

from tornado import gen
from tornado.escape import json_decode
from tornado.httpclient import AsyncHTTPClient

from benchmarks.servers.handlers import CONNECTIONS

AsyncHTTPClient.configure(None, max_clients=CONNECTIONS)


@gen.coroutine
def call(url, headers, payload):
    response = yield AsyncHTTPClient().fetch(
        url, method="POST", headers=dict(headers, **{"Content-Type": "application/json"}),
        body=json.dumps(payload), raise_error=False)
    raise gen.Return((response.code, json_decode(response.body)))
