"""What the gateway makes of requests, and its answers as bytes, on each HTTP server.

The CMDB is a mock. The servers are real, as each reads targets, methods and bodies in its own way.
"""

from __future__ import absolute_import, division, print_function

import functools
import json

import pytest
from served_app import ServedApp

from waterspout import service
from waterspout.testing import MockTransport
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.gateway.passing_sdk import PassingSDK
from waterspout_cmdb.sdk import CMDBSDK

ENVELOPE = {"code": 0, "error": "", "message": "", "data": {"insert_count": 1}}


@pytest.fixture
def cmdb():
    mock = MockTransport()
    for operation in ("import", "search"):
        mock.post("/object/{object_id}/instance/_" + operation, optional=True).respond(
            json=ENVELOPE)
    yield mock
    mock.check()


@pytest.fixture
def sdk_class():
    return CMDBSDK


@pytest.fixture(params=service.HTTP_SERVERS)
def connection(request, cmdb, sdk_class):
    """To the gateway on each HTTP server: its answers are the same."""
    sdk = sdk_class("cmdb.test", org=1, transport=cmdb)
    make = functools.partial(make_app, sdk, max_body_bytes=1000)
    with ServedApp(make, http_server=request.param) as served:
        with served.connect() as connection:
            yield connection


@pytest.mark.parametrize("operation", ["import", "search"])
def test_success_has_the_whole_envelope(connection, cmdb, operation):
    """The CMDB's answer and the client's payload are passed on unchanged."""
    payload = {"keys": ["name"], "datas": [{"name": u"\u4e2d\U0001f600", "cpu": 4}]}
    answer = connection.post("/cmdb/%s/HOST" % operation, json.dumps(payload).encode())
    assert answer.status == 200
    assert answer.json == {"message": "POST request successful", "data": ENVELOPE}
    (sent,) = cmdb.sent
    assert (sent.path, sent.json()) == ("/object/HOST/instance/_" + operation, payload)


@pytest.mark.parametrize("operation", ["import", "search"])
@pytest.mark.parametrize("body", [
    b' {"a" : 1.10, "b": 1e2, "c": 12345678901234567890.0987654321 }\r\n',
    u'{"text": "\u4e2d\\u4e2d\\/\U0001f600"}'.encode("utf-8"),
    b'{"rows": [' + b", ".join([b'{"z": 1, "a": 0.30}'] * 40) + b"]}",
], ids=["numbers", "text", "rows"])
def test_the_cmdb_gets_the_bytes_of_the_client(connection, cmdb, operation, body):
    """Numbers with more digits than a float has, spaces and escapes stay as they were written."""
    assert connection.post("/cmdb/%s/HOST" % operation, body).status == 200
    assert [sent.content for sent in cmdb.sent] == [body]


@pytest.mark.parametrize("sdk_class", [PassingSDK])
@pytest.mark.parametrize("operation", ["import", "search"])
def test_the_client_gets_the_bytes_of_the_answer(connection, cmdb, operation):
    """Numbers, spaces and escapes stay as the CMDB wrote them."""
    encoded = b'{"code": 0, "data": {"n": 1.10, "text": "\\u4e2d\\/"} }'
    cmdb.reset()
    cmdb.post("/object/HOST/instance/_" + operation).respond(content=encoded)
    answer = connection.post("/cmdb/%s/HOST" % operation, b"{}")
    assert answer.status == 200
    assert answer.body == b'{"message":"POST request successful","data":' + encoded + b"}"


@pytest.mark.parametrize(
    "object_id", ["HOST", "_a", "a1", "X@NAMESPACE", "a" * 128, "HO%53T"]
)
def test_valid_object_ids_are_passed_on(connection, cmdb, object_id):
    """Letters, digits, _ and @."""
    assert connection.post("/cmdb/import/" + object_id, b"{}").status == 200
    assert cmdb.sent[0].path_args["object_id"] == object_id.replace("%53", "S")


@pytest.mark.parametrize(
    "object_id",
    ["", "1a", "@a", "a-b", "a.b", "..", ".", "a%2fb", "%2f..", "..%2f..", "a%00", "%00", "a%0a",
     "a%20b", "%e4%b8%ad", "%ff", "%", "a%3fb", "a%23", "a;b", "a" * 129],
)
def test_invalid_object_ids_are_400(connection, cmdb, object_id):
    """They never become a part of a path at the CMDB."""
    answer = connection.post("/cmdb/search/" + object_id, b"{}")
    assert answer.status == 400
    assert answer.json["message"] == "Invalid input data"
    assert "object id" in answer.json["error"]
    cmdb.assert_not_sent()


@pytest.mark.parametrize("path", ["/", "/cmdb", "/cmdb/import", "/cmdb/import/a/b",
                                  "/cmdb/import/../search/a", "/CMDB/import/a", "//cmdb/import/a",
                                  "/cmdb/delete/a"])
def test_unknown_paths_are_404(connection, path):
    """The answer is JSON."""
    answer = connection.post(path, b"{}")
    assert answer.status == 404
    assert answer.json == {"message": "Not found", "error": "nothing is served at this path"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_wrong_methods_are_405(connection, cmdb, method):
    """Only POST is served; the answer lists it."""
    connection.send(("%s /cmdb/import/HOST HTTP/1.1\r\nHost: x\r\n\r\n" % method).encode())
    answer = connection.read_answer()
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert answer.json["message"] == "Method not allowed"
    cmdb.assert_not_sent()


@pytest.mark.parametrize("body", [b"", b"  ", b"nonsense", b"[]", b"null", b"1", b'{"a":'])
def test_bodies_that_are_not_an_object_are_400(connection, cmdb, body):
    """Not JSON, not an object, or empty; the answer says which."""
    answer = connection.post("/cmdb/import/HOST", body)
    assert answer.status == 400
    assert sorted(answer.json) == ["error", "message"]
    assert answer.json["message"] == "Invalid input data"
    cmdb.assert_not_sent()


def test_bodies_over_the_limit_are_413(connection, cmdb):
    """The answer is JSON with the limit; the CMDB is not called."""
    answer = connection.post("/cmdb/import/HOST", b'{"a": "%s"}' % (b"x" * 1000))
    assert answer.status == 413
    assert answer.json == {
        "message": "Request body too large",
        "error": "the body is longer than the 1000 bytes accepted here",
    }
    cmdb.assert_not_sent()


class ClosedSDK(CMDBSDK):
    """Counts how often it was closed."""

    closed = 0

    def close(self):
        self.closed += 1
        return super(ClosedSDK, self).close()


def test_the_sdk_is_closed_with_the_application(cmdb):
    """Once, after the last request."""
    sdk = ClosedSDK("cmdb.test", org=1, transport=cmdb)
    with ServedApp(lambda: make_app(sdk)) as served, served.connect() as connection:
        assert connection.post("/cmdb/search/HOST", b"{}").status == 200
        assert sdk.closed == 0
    assert sdk.closed == 1
