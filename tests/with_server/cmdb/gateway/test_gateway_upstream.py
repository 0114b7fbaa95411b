"""The gateway with a CMDB on a socket, on every transport: the bytes, and connections that break.

What it answers for each answer and failure of the CMDB is in tests/unit/cmdb/gateway.
"""

from __future__ import absolute_import, division, print_function

import contextlib
import json
import socket

import pytest
from raw_server import PATIENCE, Peer, RawServer, response, then
from served_app import ServedApp

from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sdk import CMDBSDK

#: Added to the reason where an import may have been carried out.
IN_DOUBT = "; the import may have been carried out"


def envelope(data=None, headers=()):
    body = json.dumps({"code": 0, "error": "", "message": "", "data": data}).encode()
    return response(body, headers=[("Content-Type", "application/json")] + list(headers))


@pytest.fixture
def ask(transport):
    """``ask(behaviour)``: what the gateway answers when the CMDB behaves like this."""

    def ask(behaviour, path="/cmdb/search/HOST", body=b"{}"):
        with RawServer(behaviour) as cmdb:
            answer = ask_cmdb_at(cmdb.address, path, body)
            ask.received = cmdb.received
            return answer

    def ask_cmdb_at(address, path="/cmdb/search/HOST", body=b"{}"):
        def make():
            return make_app(CMDBSDK(address, org=1, user="me", transport=transport,
                                    timeout=PATIENCE))

        with ServedApp(make) as served, served.connect() as connection:
            return connection.post(path, body)

    ask.at = ask_cmdb_at
    return ask


def test_success_passes_through_both_ways(ask):
    """Payload, organisation and user reach the CMDB; the whole envelope comes back, in any script.
    """
    data = {"list": [{"name": u"\u4e2d\U0001f600"}]}
    payload = {"query": {"name": u"\u4f18\u7ef4"}}
    answer = ask(then(envelope(data=data)), body=json.dumps(payload).encode())
    assert answer.status == 200
    assert answer.json["message"] == "POST request successful"
    assert answer.json["data"] == {"code": 0, "error": "", "message": "", "data": data}
    (request,) = ask.received
    headers = dict(request.headers)
    assert (request.method, request.target) == ("POST", "/object/HOST/instance/_search")
    assert (headers["org"], headers["user"]) == ("1", "me")
    assert json.loads(request.body.decode()) == payload


def test_import_calls_the_import_method(ask):
    """With the id as one segment of the path."""
    answer = ask(then(envelope(data={"insert_count": 0})), "/cmdb/import/X@NS")
    assert answer.status == 200
    assert ask.received[0].target in (
        "/object/X@NS/instance/_import", "/object/X%40NS/instance/_import")  # fmt: skip


BROKEN = {
    "is cut short": then(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "is no HTTP": then(b"220 mail.example.com ESMTP\r\n\r\n"),
    "closes": then(),
    "resets": then(Peer.reset),
}


@pytest.mark.parametrize("operation", ["import", "search"])
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_connection_is_502(ask, name, operation):
    """An import may have been carried out, and the caller learns that before sending it again."""
    answer = ask(BROKEN[name], "/cmdb/%s/HOST" % operation)
    assert answer.status == 502, answer
    assert sorted(answer.json) == ["error", "message", "upstream"]
    assert answer.json["message"] == "POST request failed"
    assert answer.json["error"].partition(";")[0]
    assert answer.json["error"].endswith(IN_DOUBT) is (operation == "import")
    assert answer.json["upstream"] == {"status": None, "code": None}


@pytest.mark.parametrize("operation", ["import", "search"])
def test_refused_connection_is_502(ask, operation):
    """The answer has one sentence and no address. Nothing was sent, so no import is in doubt."""
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # No process listens there, not even the gateway itself.
        answer = ask.at("127.0.0.1:%d" % taken.getsockname()[1], "/cmdb/%s/HOST" % operation)
    assert answer.status == 502
    assert answer.json == {
        "message": "POST request failed",
        "error": "the CMDB cannot be reached",
        "upstream": {"status": None, "code": None},
    }


def test_next_call_after_a_failure_succeeds(transport):
    """After each kind of failure."""
    # It says that it closes: a connection closed without a word may be used once more.
    closes = [("Connection", "close")]
    good, bad = envelope(headers=closes), response(b"x", headers=closes)
    behaviours = [then(Peer.reset), then(bad), then(good), then(), then(good)]

    def behave(peer):
        behaviours.pop(0)(peer)

    with RawServer(behave) as cmdb:
        def make():
            return make_app(CMDBSDK(cmdb.address, org=1, transport=transport, timeout=PATIENCE))

        with ServedApp(make) as served, served.connect() as connection:
            statuses = [connection.post("/cmdb/search/HOST", b"{}").status for _ in range(5)]
    assert statuses == [502, 502, 200, 502, 200]
