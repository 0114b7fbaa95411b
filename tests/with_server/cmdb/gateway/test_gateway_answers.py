"""The gateway with an SDK under the control of the test."""

from __future__ import absolute_import, division, print_function

import functools
import json
import logging

import pytest
from fake_sdk import ENVELOPE, FakeSDK
from served_app import ServedApp

import waterspout
from waterspout import service
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.gateway.passing_sdk import Answer


@pytest.fixture
def sdk():
    return FakeSDK()


@pytest.fixture(params=service.HTTP_SERVERS)
def connection(request, sdk):
    """To the gateway on each HTTP server: its answers are the same."""
    make = functools.partial(make_app, sdk, max_body_bytes=1000)
    with ServedApp(make, http_server=request.param) as served:
        with served.connect() as connection:
            yield connection


@pytest.mark.parametrize("operation", ["import", "search"])
def test_success_has_the_whole_envelope(connection, sdk, operation):
    """The CMDB's answer and the client's payload are passed on unchanged."""
    payload = {"keys": ["name"], "datas": [{"name": u"\u4e2d\U0001f600", "cpu": 4}]}
    answer = connection.post("/cmdb/%s/HOST" % operation, json.dumps(payload).encode())
    assert answer.status == 200
    assert answer.json == {"message": "POST request successful", "data": ENVELOPE}
    assert sdk.calls == [(operation, "HOST", payload)]
    assert type(sdk.calls[0][1]) is str


@pytest.mark.parametrize(
    "counts, message",
    [
        ((0, 0, 2), "imported 0, updated 0, failed 2"),
        ((1, 2, 3), "imported 1, updated 2, failed 3"),
        ((1, 2, 0), "POST request successful"),
        ((0, 0, 0), "POST request successful"),
    ],
)
def test_failed_rows_are_counted_in_the_message(connection, sdk, caplog, counts, message):
    """The CMDB answers 200 with code 0 even if it stored no row; the log has only numbers."""
    names = ("insert_count", "update_count", "failed_count")
    failed = {"code": 100000, "error": "key attribute sn is missing", "data": [{"cpu": "s3cret"}]}
    data = dict(zip(names, counts), data=[failed] * counts[2])
    sdk.outcome = {"code": 0, "error": "", "message": "", "data": data}
    answer = connection.post("/cmdb/import/HOST", b"{}")
    assert (answer.status, answer.json) == (200, {"message": message, "data": sdk.outcome})
    lines = [r.getMessage() for r in caplog.records if r.name == "waterspout.cmdb"]
    assert lines == (["Import into HOST: " + message] if counts[2] else [])


def test_search_is_not_read_as_an_import(connection, sdk):
    """An instance may have an attribute with the name of a count."""
    sdk.outcome = {"code": 0, "data": {"failed_count": 3}}
    answer = connection.post("/cmdb/search/HOST", b"{}")
    assert answer.json["message"] == "POST request successful"


def test_warnings_of_the_cmdb_are_in_the_answer(connection, sdk, caplog):
    """Beside the message, so that a client sees them without ``data``."""
    warnings = [u"HOST has no attribute \u4e2d\n", {"attribute": "colour"}]
    data = {"insert_count": 1, "update_count": 0, "failed_count": 0, "data": [],
            "warnings": warnings}
    sdk.outcome = {"code": 0, "error": "", "message": "", "data": data}
    answer = connection.post("/cmdb/import/HOST", b"{}")
    assert answer.status == 200
    assert answer.json == {
        "message": "POST request successful", "warnings": warnings, "data": sdk.outcome,
    }  # fmt: skip
    (record,) = [r for r in caplog.records if r.name == "waterspout.cmdb"]
    line = record.getMessage()
    assert line.startswith("Import into HOST: the CMDB warns (2), first: HOST has no ")
    assert "\n" not in line


def test_order_of_sort_reaches_the_cmdb(connection, sdk):
    """The order of the names in ``sort`` is significant, on every Python."""
    names = ["z", "a", "m", "b", "y", "c"]
    body = '{"sort": {%s}}' % ", ".join('"%s": 1' % name for name in names)
    connection.post("/cmdb/search/HOST", body.encode())
    assert list(sdk.calls[0][2]["sort"]) == names


@pytest.mark.parametrize("operation", ["import", "search"])
@pytest.mark.parametrize("body", [
    b' {"a" : 1.10, "b": 1e2, "c": 12345678901234567890.0987654321 }\r\n',
    u'{"text": "\u4e2d\\u4e2d\\/\U0001f600"}'.encode("utf-8"),
    b'{"rows": [' + b", ".join([b'{"z": 1, "a": 0.30}'] * 40) + b"]}",
], ids=["numbers", "text", "rows"])
def test_the_cmdb_gets_the_bytes_of_the_client(connection, sdk, operation, body):
    """Numbers with more digits than a float has, spaces and escapes stay as they were written."""
    assert connection.post("/cmdb/%s/HOST" % operation, body).status == 200
    assert sdk.sent == [body]


@pytest.mark.parametrize(
    "object_id", ["HOST", "_a", "a1", "X@NAMESPACE", "a" * 128, "HO%53T"]
)
def test_valid_object_ids_are_passed_on(connection, sdk, object_id):
    """Letters, digits, _ and @."""
    assert connection.post("/cmdb/import/" + object_id, b"{}").status == 200
    assert sdk.calls[0][1] == object_id.replace("%53", "S")


@pytest.mark.parametrize(
    "object_id",
    ["", "1a", "@a", "a-b", "a.b", "..", ".", "a%2fb", "%2f..", "..%2f..", "a%00", "%00", "a%0a",
     "a%20b", "%e4%b8%ad", "%ff", "%", "a%3fb", "a%23", "a;b", "a" * 129],
)
def test_invalid_object_ids_are_400(connection, sdk, object_id):
    """They never become a part of a path at the CMDB."""
    answer = connection.post("/cmdb/search/" + object_id, b"{}")
    assert answer.status == 400
    assert answer.json["message"] == "Invalid input data"
    assert "object id" in answer.json["error"]
    assert sdk.calls == []


@pytest.mark.parametrize("path", ["/", "/cmdb", "/cmdb/import", "/cmdb/import/a/b",
                                  "/cmdb/import/../search/a", "/CMDB/import/a", "//cmdb/import/a",
                                  "/cmdb/delete/a"])
def test_unknown_paths_are_404(connection, path):
    """The answer is JSON."""
    answer = connection.post(path, b"{}")
    assert answer.status == 404
    assert answer.json == {"message": "Not found", "error": "nothing is served at this path"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_wrong_methods_are_405(connection, sdk, method):
    """Only POST is served; the answer lists it."""
    connection.send(("%s /cmdb/import/HOST HTTP/1.1\r\nHost: x\r\n\r\n" % method).encode())
    answer = connection.read_answer()
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert answer.json["message"] == "Method not allowed"
    assert sdk.calls == []


@pytest.mark.parametrize("body", [b"", b"  ", b"nonsense", b"[]", b"null", b"1", b'{"a":'])
def test_bodies_that_are_not_an_object_are_400(connection, sdk, body):
    """Not JSON, not an object, or empty; the answer says which."""
    answer = connection.post("/cmdb/import/HOST", body)
    assert answer.status == 400
    assert sorted(answer.json) == ["error", "message"]
    assert answer.json["message"] == "Invalid input data"
    assert sdk.calls == []


def test_bodies_over_the_limit_are_413(connection, sdk):
    """The answer is JSON with the limit; the CMDB is not called."""
    answer = connection.post("/cmdb/import/HOST", b'{"a": "%s"}' % (b"x" * 1000))
    assert answer.status == 413
    assert answer.json == {
        "message": "Request body too large",
        "error": "the body is longer than the 1000 bytes accepted here",
    }
    assert sdk.calls == []


def test_own_bug_is_500_without_details(connection, sdk, caplog):
    """The client gets an id, under which the log has the traceback."""
    sdk.outcome = KeyError("our secret")
    answer = connection.post("/cmdb/import/HOST", b"{}")
    assert answer.status == 500
    assert sorted(answer.json) == ["error", "incident", "message"]
    assert answer.json["message"] == "Internal error"
    assert b"secret" not in answer.body and b"Traceback" not in answer.body
    assert answer.json["incident"] in caplog.text
    assert "our secret" in caplog.text


def test_failure_of_the_cmdb_is_logged_with_its_cause(connection, sdk, caplog):
    """The client gets few details; the operator gets the error and the address."""
    sdk.outcome = waterspout.ConnectError("10.1.2.3:8079 refused the connection")
    answer = connection.post("/cmdb/search/HOST", b"{}")
    assert answer.json == {
        "message": "POST request failed",
        "error": "the CMDB cannot be reached",
        "upstream": {"status": None, "code": None},
    }
    (record,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert record.levelno == logging.WARNING
    assert "SearchHandler" in record.getMessage()
    assert "10.1.2.3:8079 refused the connection" in record.getMessage()


@pytest.mark.parametrize("operation", ["import", "search"])
def test_the_client_gets_the_bytes_of_the_answer(connection, sdk, operation):
    """Numbers, spaces and escapes stay as the CMDB wrote them."""
    encoded = b'{"code": 0, "data": {"n": 1.10, "text": "\\u4e2d\\/"} }'
    sdk.outcome = Answer(json.loads(encoded.decode("ascii")), encoded)
    answer = connection.post("/cmdb/%s/HOST" % operation, b"{}")
    assert answer.status == 200
    assert answer.body == b'{"message":"POST request successful","data":' + encoded + b"}"


@pytest.mark.parametrize("counts", [{"failed_count": 1}, {"warnings": ["w"]}], ids=repr)
def test_an_answer_to_which_something_is_added_is_encoded(connection, sdk, counts):
    encoded = json.dumps({"code": 0, "data": dict(counts, n=1.5)})
    sdk.outcome = Answer(json.loads(encoded), encoded.encode("ascii"))
    answer = connection.post("/cmdb/import/HOST", b"{}")
    assert answer.json["data"] == sdk.outcome
    assert answer.json["message"] != "POST request successful" or "warnings" in answer.json


def test_answer_with_nan_is_502(connection, sdk, caplog):
    """Python reads NaN, which is not JSON and is not passed on. The log says why."""
    sdk.outcome = {"code": 0, "data": float("nan")}
    for path, what_was_done in (("search", False), ("import", True)):
        answer = connection.post("/cmdb/%s/HOST" % path, b"{}")
        assert answer.status == 502
        assert answer.json["upstream"] == {"status": 200, "code": 0}
        assert ("may have been carried out" in answer.json["error"]) is what_was_done
    lines = [each.getMessage() for each in caplog.records if each.name == "waterspout.cmdb"]
    assert [line.partition(" of HOST failed with 502: ")[2] for line in lines] == [
        "the CMDB's answer has numbers that JSON cannot represent"] * 2


def test_the_sdk_is_closed_with_the_application(sdk):
    """Once, after the last request."""
    with ServedApp(lambda: make_app(sdk)) as served, served.connect() as connection:
        connection.post("/cmdb/search/HOST", b"{}")
        assert sdk.closed == 0
    assert sdk.closed == 1
