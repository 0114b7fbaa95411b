"""A client that leaves a search: each transport closes its connection to the CMDB.

What else becomes of a request whose client has left is in tests/unit/cmdb/gateway.
"""

from __future__ import absolute_import, division, print_function

import json
import logging
import threading

import pytest
from programs import wait_until
from raw_client import request_bytes
from raw_server import PATIENCE, RawServer, response, then
from served_app import ServedApp

from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sdk import CMDBSDK

ENVELOPE = json.dumps({"code": 0, "error": "", "message": "", "data": {"list": []}}).encode()


def messages(caplog, name):
    return [r.getMessage() for r in caplog.records if r.name == name]


class SlowCMDB(object):
    """Answers when the test says so; ``gone`` is set when its client has closed the connection."""

    def __init__(self):
        self.go = threading.Event()
        self.gone = threading.Event()
        self.server = RawServer(then(self._wait))

    def _wait(self, peer):
        watcher = threading.Thread(target=self._watch, args=(peer,))
        watcher.daemon = True
        watcher.start()
        assert self.go.wait(PATIENCE)
        peer.send(response(ENVELOPE))
        watcher.join(PATIENCE)

    def _watch(self, peer):
        peer.hold()
        self.gone.set()


@pytest.fixture
def cmdb():
    cmdb = SlowCMDB()
    yield cmdb
    cmdb.go.set()
    cmdb.server.close()


@pytest.fixture
def served(cmdb, transport):
    def make():
        return make_app(CMDBSDK(cmdb.server.address, org=1, transport=transport))

    with ServedApp(make) as served:
        yield served


def test_search_is_cancelled_when_the_client_leaves(served, cmdb, transport, caplog):
    """What it finds is of no use. On Python 2, too, where Tornado's Futures cannot be cancelled."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="tornado.access")
    with served.connect() as connection:
        connection.send(request_bytes("POST", "/cmdb/search/HOST", b"{}"))
        wait_until(lambda: cmdb.server.received, "the call")
    if transport != "threads":  # A thread cannot be interrupted; what it reads is dropped.
        assert cmdb.gone.wait(PATIENCE)
    (line,) = wait_until(lambda: messages(caplog, "tornado.access"))
    assert line.startswith("499 POST /cmdb/search/HOST (127.0.0.1) ")
    assert line.endswith("the request was given up")
    wait_until(lambda: served.application.requests_in_flight == 0)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []
