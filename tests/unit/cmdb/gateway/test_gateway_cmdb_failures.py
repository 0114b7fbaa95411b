"""What the gateway answers and logs when the CMDB fails."""

from __future__ import absolute_import, division, print_function

import re

import pytest

import waterspout

IMPORT = "/object/HOST/instance/_import"
SEARCH = "/object/HOST/instance/_search"

#: Seconds: the timeout of the gateway's calls.
TIMEOUT = 10

#: Of an import that may have been carried out, although nothing confirms it.
IN_DOUBT = "; the import may have been carried out"


@pytest.fixture
def gateway(make_gateway):
    return make_gateway(sdk={"timeout": TIMEOUT})


def envelope(code=0, data=None, message=""):
    return {"code": code, "error": "", "message": message, "data": data}


def says(*args, **kwargs):
    """Have the CMDB respond so."""
    return lambda expected: expected.respond(*args, **kwargs)


def fails(*args):
    return lambda expected: expected.fail(*args)


#: How the CMDB behaves: (behaviour, status, error or None for any, upstream).
FAILURES = {
    "says 404": (says(404, envelope(100005, message="no such model")),
     404, "no such model", {"status": 404, "code": 100005}),
    "says 409": (says(409, envelope(100007, message="exists")),
     409, "exists", {"status": 409, "code": 100007}),
    "says 400 in HTML": (says(400, content=b"<h1>no</h1>"),
     400, None, {"status": 400, "code": None}),
    "says 500": (says(500, envelope(100011, message="broken")),
     502, "broken", {"status": 500, "code": 100011}),
    "says 503 in HTML": (says(503, content=b"<h1>no</h1>", reason="Unavailable"),
     502, None, {"status": 503, "code": None}),
    "redirects": (says(302, headers={"Location": "/login"}),
     502, "the CMDB redirects elsewhere, which is not followed", {"status": 302, "code": None}),
    "says no with 200": (says(200, envelope(100005, message="no such model")),
     404, "no such model", {"status": 200, "code": 100005}),
    "fails with 200": (says(200, envelope(100011, message="broken")),
     502, "broken", {"status": 200, "code": 100011}),
    "has an unknown code": (says(200, envelope(133112, message="odd")),
     502, "odd", {"status": 200, "code": 133112}),
    "has no code": (says(content=b'{"data": {}}'), 502, None, {"status": 200, "code": None}),
    "is no object": (says(content=b"[1]"), 502, None, {"status": 200, "code": None}),
    "is not JSON": (says(content=b"<h1>welcome</h1>"),
     502, "the answer of the CMDB is not JSON", {"status": 200, "code": None}),
    "is empty": (says(content=b""),
     502, "the answer of the CMDB is not JSON", {"status": 200, "code": None}),
    "is cut short": (lambda expected: expected.respond(content=b"{" + b" " * 99).cut_after(1),
     502, None, {"status": None, "code": None}),
    "is no HTTP": (fails(waterspout.RemoteProtocolError),
     502, None, {"status": None, "code": None}),
    "closes": (fails("read"), 502, None, {"status": None, "code": None}),
    "cannot be reached": (fails("connect", "10.1.2.3:8079 refused the connection"),
     502, "the CMDB cannot be reached", {"status": None, "code": None}),
}  # fmt: skip


def check_failure(answer, status, error, upstream):
    """Each failure has its status, and the answer has one form."""
    assert answer.status_code == status, answer
    assert sorted(answer.json()) == ["error", "message", "upstream"]
    assert answer.json()["message"] == "POST request failed"
    assert answer.json()["error"] == error or (error is None and answer.json()["error"])
    assert answer.json()["upstream"] == upstream


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_failure_never_looks_like_success(gateway, cmdb, name):
    behave, status, error, upstream = FAILURES[name]
    behave(cmdb.post(SEARCH))
    check_failure(gateway.post("/cmdb/search/HOST"), status, error, upstream)


@pytest.mark.parametrize("behave", [
    lambda expected: expected.never(),
    lambda expected: expected.respond(content=b"{" + b" " * 99).stall_after(1),
], ids=["is silent", "stops in the middle"])
def test_silence_is_504_when_the_time_is_over(gateway, cmdb, behave):
    """Before the head, or within the body."""
    behave(cmdb.post(SEARCH))
    answer = gateway.post_and_wait("/cmdb/search/HOST", TIMEOUT)
    check_failure(answer, 504, "the CMDB did not answer in time", {"status": None, "code": None})


@pytest.mark.parametrize("operation, added", [("import", IN_DOUBT), ("search", "")])
def test_slow_answer_ends_with_504(make_gateway, cmdb, operation, added):
    """`timeout` limits the time between two bytes, the total limits all of them."""
    limits = waterspout.ClientTimeout(connect=TIMEOUT, read=TIMEOUT, total=25)
    cmdb.post("/object/HOST/instance/_" + operation).respond(pieces=[(TIMEOUT / 2, b" ")] * 100)
    gateway = make_gateway(sdk={"timeout": limits})
    answer = gateway.post_and_wait("/cmdb/%s/HOST" % operation, 25)
    assert answer.status_code == 504
    assert answer.json()["error"] == "the CMDB did not answer in time" + added


def test_silence_after_an_import_says_that_it_may_have_happened(gateway, cmdb):
    """So that the caller knows before sending it again."""
    cmdb.post(IMPORT).never()
    answer = gateway.post_and_wait("/cmdb/import/HOST", TIMEOUT)
    assert answer.status_code == 504
    assert answer.json()["error"] == "the CMDB did not answer in time" + IN_DOUBT


@pytest.mark.parametrize("behave, why", [
    (fails("read"), "the connection to the CMDB broke"),
    (says(content=b"<h1>welcome</h1>"), "the answer of the CMDB is not JSON"),
    (says(504, content=b"<h1>late</h1>", reason="Gateway Time-out"), "Gateway Time-out"),
], ids=["closes", "is not JSON", "says 504"])
def test_failure_after_the_import_was_sent_says_that_it_may_have_happened(
        gateway, cmdb, behave, why):
    """So that the caller knows before sending it again."""
    behave(cmdb.post(IMPORT))
    answer = gateway.post("/cmdb/import/HOST")
    assert (answer.status_code, answer.json()["error"]) == (502, why + IN_DOUBT)


@pytest.mark.parametrize("behave, why", [
    (fails("connect"), "the CMDB cannot be reached"),
    (says(500, {"code": 100011, "message": "rolled back"}), "rolled back"),
], ids=["cannot be reached", "says 500"])
def test_failure_that_leaves_no_doubt_does_not_say_so(gateway, cmdb, behave, why):
    """The import was not sent, or the CMDB itself has answered."""
    behave(cmdb.post(IMPORT))
    answer = gateway.post("/cmdb/import/HOST")
    assert (answer.status_code, answer.json()["error"]) == (502, why)


def test_retry_after_is_passed_on_and_challenges_are_not(gateway, cmdb):
    """A challenge asks for the gateway's credentials."""
    body = {"code": 100008, "message": "slow down"}
    said = [("Retry-After", "120"), ("WWW-Authenticate", "Basic"), ("Proxy-Authenticate", "Basic"),
            ("Set-Cookie", "a=b")]
    expected = cmdb.post(SEARCH)
    for status, answered in ((429, 429), (503, 502), (401, 401)):
        expected.respond(status, body, headers=said)
        answer = gateway.post("/cmdb/search/HOST")
        assert answer.status_code == answered
        assert answer.headers["Retry-After"] == "120"
        for name in ("WWW-Authenticate", "Proxy-Authenticate", "Set-Cookie"):
            assert name not in answer.headers


@pytest.mark.parametrize("value, passed_on", [
    ("soon", None), ("1; x", None), ("-1", None), ("1" * 500, None),
    ("Fri, 31 Dec 1999 23:59:59 GMT", "Fri, 31 Dec 1999 23:59:59 GMT"),
], ids=["word", "list", "negative", "long", "date"])
def test_invalid_retry_after_is_not_passed_on(gateway, cmdb, value, passed_on):
    """It is neither seconds nor a date."""
    cmdb.post(SEARCH).respond(429, {}, headers={"Retry-After": value})
    answer = gateway.post("/cmdb/search/HOST")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, passed_on)


def test_refusal_of_the_cmdb_is_logged_with_its_reason(gateway, cmdb, caplog):
    """In one line, with the model and without a traceback."""
    text = u"no such\nmodel \u4e2d" + u"x" * 5000
    cmdb.post("/object/{object_id}/instance/_import").respond(404, envelope(100005, message=text))
    gateway.post("/cmdb/import/X@NS")
    (record,) = [r for r in caplog.records if r.name == "waterspout.cmdb"]
    line = record.getMessage()
    assert re.match(
        "ImportHandler of X@NS failed with 404 id=[0-9a-f]{32}: CMDBError: POST http://", line)
    assert "answered 404 with code 100005: no such model" in line
    assert "\n" not in line and len(line) < 1500 and record.exc_info is None


def test_answer_over_the_size_limit_is_reported(make_gateway, cmdb):
    """The client can ask for less."""
    cmdb.post(SEARCH).respond(json=envelope(data="x" * 5000))
    answer = make_gateway(sdk={"max_body_bytes": 1000}).post("/cmdb/search/HOST")
    assert answer.status_code == 502
    assert answer.json()["error"] == (
        "the answer of the CMDB is larger than what is accepted here")
