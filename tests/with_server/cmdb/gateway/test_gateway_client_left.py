"""A client that leaves before the CMDB has answered, and CMDBs whose answers do not end."""

from __future__ import absolute_import, division, print_function

import json
import logging
import threading

import pytest
from programs import wait_until
from raw_client import request_bytes
from raw_server import PATIENCE, RawServer, response, then
from served_app import ServedApp

import waterspout
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sdk import CMDBSDK

PYTHON_2 = str is bytes

DATA = {"insert_count": 2, "update_count": 1, "failed_count": 0, "data": []}
ENVELOPE = json.dumps({"code": 0, "error": "", "message": "", "data": DATA}).encode()


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


def ask_and_leave(served, cmdb, operation):
    with served.connect() as connection:
        connection.send(request_bytes("POST", "/cmdb/%s/HOST" % operation, b"{}"))
        wait_until(lambda: cmdb.server.received, "the call")


def test_search_is_cancelled_when_the_client_leaves(served, cmdb, transport, caplog):
    """What it finds is of no use. On Python 2 it runs to its end, as Futures of Tornado
    cannot be cancelled there."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="tornado.access")
    ask_and_leave(served, cmdb, "search")
    if PYTHON_2:
        cmdb.go.set()
    elif transport != "threads":  # A thread cannot be interrupted; what it reads is dropped.
        assert cmdb.gone.wait(PATIENCE)
    (line,) = wait_until(lambda: messages(caplog, "tornado.access"))
    assert line.startswith("499 POST /cmdb/search/HOST (127.0.0.1) ")
    assert line.endswith("the request ended with 200" if PYTHON_2 else "the request was given up")
    wait_until(lambda: served.application.requests_in_flight == 0)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_import_is_not_cancelled_when_the_client_leaves(served, cmdb, caplog):
    """The log has its result."""
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, logger="tornado.access")
    ask_and_leave(served, cmdb, "import")
    served.wait_until_clients_left()
    assert not cmdb.gone.is_set() and messages(caplog, "tornado.access") == []
    cmdb.go.set()
    (line,) = wait_until(lambda: messages(caplog, "tornado.access"))
    assert line.startswith("499 POST /cmdb/import/HOST (127.0.0.1) ")
    assert line.endswith("the request ended with 200")
    assert messages(caplog, "waterspout.cmdb") == [
        "Import into HOST, whose client has left: imported 2, updated 1, failed 0"]
    wait_until(lambda: served.application.requests_in_flight == 0)
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []


def trickle(peer):
    """A head, and then bytes often enough for any limit between two of them."""
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    stopped = threading.Event()
    while not stopped.wait(0.02):
        peer.send(b" ")


def ask(behaviour, transport, operation, timeout):
    with RawServer(behaviour) as cmdb:
        def make():
            return make_app(CMDBSDK(cmdb.address, org=1, transport=transport, timeout=timeout))

        with ServedApp(make) as served, served.connect() as connection:
            return connection.post("/cmdb/%s/HOST" % operation, b"{}")


IN_DOUBT = "; the import may have been carried out"


@pytest.mark.parametrize("operation, added", [("import", IN_DOUBT), ("search", "")])
def test_slow_answer_ends_with_504(transport, operation, added):
    """`timeout` limits the time between two bytes, the total limits all of them."""
    limits = waterspout.ClientTimeout(connect=PATIENCE, read=PATIENCE, total=0.5)
    answer = ask(then(trickle), transport, operation, limits)
    assert answer.status == 504
    assert answer.json["error"] == "the CMDB did not answer in time" + added


def hold(peer):
    peer.hold()


@pytest.mark.parametrize(
    "behaviour, status, why",
    [
        (then(hold), 504, "the CMDB did not answer in time"),
        (then(), 502, "the connection to the CMDB broke"),
        (then(response(b"<h1>welcome</h1>")), 502, "the answer of the CMDB is not JSON"),
        (then(response(b"<h1>late</h1>", 504, "Gateway Time-out")), 502, "Gateway Time-out"),
    ],
)
def test_failure_after_the_import_was_sent_says_that_it_may_have_happened(
    transport, behaviour, status, why
):
    """So that the caller knows before sending it again."""
    answer = ask(behaviour, transport, "import", 0.5)
    assert (answer.status, answer.json["error"]) == (status, why + IN_DOUBT)


def test_failure_before_the_import_was_sent_does_not_say_so(transport):
    """Nor does the answer of the CMDB."""
    with RawServer(hold) as cmdb:
        address = cmdb.address

    def make():
        return make_app(CMDBSDK(address, org=1, transport=transport, timeout=5))

    with ServedApp(make) as served, served.connect() as connection:
        answer = connection.post("/cmdb/import/HOST", b"{}")
    assert (answer.status, answer.json["error"]) == (502, "the CMDB cannot be reached")
    refused = json.dumps({"code": 100011, "message": "rolled back"}).encode()
    answer = ask(then(response(refused, 500)), transport, "import", 5)
    assert (answer.status, answer.json["error"]) == (502, "rolled back")
