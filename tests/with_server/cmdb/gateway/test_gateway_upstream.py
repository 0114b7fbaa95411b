"""The gateway with a CMDB that fails, on every transport."""

from __future__ import absolute_import, division, print_function

import json

import pytest
from raw_server import PATIENCE, RawServer, response, then
from served_app import ServedApp

from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sdk import CMDBSDK

#: Seconds of a call that is to run into its time limit; others have PATIENCE.
SHORT = 0.5


def envelope(code=0, data=None, message="", status=200, headers=()):
    body = json.dumps({"code": code, "error": "", "message": message, "data": data}).encode()
    return response(
        body, status=status, headers=[("Content-Type", "application/json")] + list(headers))


def trickle_for_ever(peer):
    """A head at once, and then a body that never comes."""
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    peer.hold()


def hold(peer):
    peer.hold()


def reset(peer):
    peer.reset()


@pytest.fixture
def ask(transport):
    """``ask(behaviour)``: what the gateway answers when the CMDB behaves like this."""

    def ask(behaviour, path="/cmdb/search/HOST", body=b"{}", timeout=PATIENCE):
        with RawServer(behaviour) as cmdb:
            answer = ask_cmdb_at(cmdb.address, path, body, timeout)
            ask.received = cmdb.received
            return answer

    def ask_cmdb_at(address, path="/cmdb/search/HOST", body=b"{}", timeout=PATIENCE):
        def make():
            return make_app(CMDBSDK(address, org=1, user="me", transport=transport,
                                    timeout=timeout))

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


#: How the CMDB behaves: (behaviour, status, error or None for any, upstream).
FAILURES = {
    "says 404": (then(envelope(100005, message="no such model", status=404)),
     404, "no such model", {"status": 404, "code": 100005}),
    "says 409": (then(envelope(100007, message="exists", status=409)),
     409, "exists", {"status": 409, "code": 100007}),
    "says 400 in HTML": (then(response(b"<h1>no</h1>", 400, "Bad Request")),
     400, None, {"status": 400, "code": None}),
    "says 500": (then(envelope(100011, message="broken", status=500)),
     502, "broken", {"status": 500, "code": 100011}),
    "says 503 in HTML": (then(response(b"<h1>no</h1>", 503, "Unavailable")),
     502, None, {"status": 503, "code": None}),
    "redirects": (then(response(b"", 302, "Found", [("Location", "/login")])),
     502, "the CMDB redirects elsewhere, which is not followed", {"status": 302, "code": None}),
    "says no with 200": (then(envelope(100005, message="no such model")),
     404, "no such model", {"status": 200, "code": 100005}),
    "fails with 200": (then(envelope(100011, message="broken")),
     502, "broken", {"status": 200, "code": 100011}),
    "has an unknown code": (then(envelope(133112, message="odd")),
     502, "odd", {"status": 200, "code": 133112}),
    "has no code": (then(response(b'{"data": {}}')), 502, None, {"status": 200, "code": None}),
    "is no object": (then(response(b"[1]")), 502, None, {"status": 200, "code": None}),
    "is not JSON": (then(response(b"<h1>welcome</h1>")),
     502, "the answer of the CMDB is not JSON", {"status": 200, "code": None}),
    "is empty": (then(response(b"")),
     502, "the answer of the CMDB is not JSON", {"status": 200, "code": None}),
    "is cut short": (then(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
     502, None, {"status": None, "code": None}),
    "is no HTTP": (then(b"220 mail.example.com ESMTP\r\n\r\n"),
     502, None, {"status": None, "code": None}),
    "closes": (then(), 502, None, {"status": None, "code": None}),
    "resets": (then(reset), 502, None, {"status": None, "code": None}),
    "is silent": (then(hold), 504, "the CMDB did not answer in time",
     {"status": None, "code": None}),
    "stops in the middle": (then(trickle_for_ever), 504, "the CMDB did not answer in time",
     {"status": None, "code": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_failure_never_looks_like_success(ask, name):
    """Each failure of the CMDB has its status, and the answer has one form."""
    behaviour, status, error, upstream = FAILURES[name]
    answer = ask(behaviour, timeout=SHORT if status == 504 else PATIENCE)
    assert answer.status == status, answer
    assert sorted(answer.json) == ["error", "message", "upstream"]
    assert answer.json["message"] == "POST request failed"
    assert answer.json["error"] == error or (error is None and answer.json["error"])
    assert answer.json["upstream"] == upstream


def test_retry_after_is_passed_on_and_challenges_are_not(ask):
    """A challenge asks for the gateway's credentials."""
    body = json.dumps({"code": 100008, "message": "slow down"}).encode()
    said = [("Retry-After", "120"), ("WWW-Authenticate", "Basic"), ("Proxy-Authenticate", "Basic"),
            ("Set-Cookie", "a=b")]
    for status, answered in ((429, 429), (503, 502), (401, 401)):
        answer = ask(then(response(body, status=status, headers=said)))
        assert answer.status == answered
        assert answer.headers["retry-after"] == "120"
        for name in ("www-authenticate", "proxy-authenticate", "set-cookie"):
            assert name not in answer.headers


def test_invalid_retry_after_is_not_passed_on(ask):
    """It is neither seconds nor a date."""
    for value in ("soon", "1; x", "-1", "1" * 500):
        answer = ask(then(response(b"{}", status=429, headers=[("Retry-After", value)])))
        assert (answer.status, answer.headers.get("retry-after")) == (429, None)
    date = "Fri, 31 Dec 1999 23:59:59 GMT"
    answer = ask(then(response(b"{}", status=429, headers=[("Retry-After", date)])))
    assert answer.headers["retry-after"] == date


def test_refusal_of_the_cmdb_is_logged_with_its_reason(ask, caplog):
    """In one line, with the model and without a traceback."""
    text = u"no such\nmodel \u4e2d" + u"x" * 5000
    ask(then(envelope(100005, message=text, status=404)), "/cmdb/import/X@NS")
    (record,) = [r for r in caplog.records if r.name == "waterspout.cmdb"]
    line = record.getMessage()
    assert line.startswith("ImportHandler of X@NS failed with 404: CMDBError: POST http://")
    assert "answered 404 with code 100005: no such model" in line
    assert "\n" not in line and len(line) < 1500 and record.exc_info is None


def test_answer_over_the_size_limit_is_reported():
    """The client can ask for less."""
    with RawServer(then(response(b'{"code": 0, "data": "%s"}' % (b"x" * 5000)))) as cmdb:
        def make():
            return make_app(CMDBSDK(cmdb.address, org=1, max_body_bytes=1000))

        with ServedApp(make) as served, served.connect() as connection:
            answer = connection.post("/cmdb/search/HOST", b"{}")
    assert answer.status == 502
    assert answer.json["error"] == (
        "the answer of the CMDB is larger than what is accepted here"
    )


def test_refused_connection_is_502(ask):
    """The answer has one sentence and no address."""
    with RawServer(hold) as cmdb:
        address = cmdb.address
    answer = ask.at(address)
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
    behaviours = [then(reset), then(bad), then(good), then(), then(good)]

    def behave(peer):
        behaviours.pop(0)(peer)

    with RawServer(behave) as cmdb:
        def make():
            return make_app(CMDBSDK(cmdb.address, org=1, transport=transport, timeout=PATIENCE))

        with ServedApp(make) as served, served.connect() as connection:
            statuses = [connection.post("/cmdb/search/HOST", b"{}").status for _ in range(5)]
    assert statuses == [502, 502, 200, 502, 200]
