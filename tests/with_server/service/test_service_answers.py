"""Every response of the kit is JSON, for any request and any error."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen, iostream, web
from tornado.concurrent import Future

from waterspout import service


class EchoHandler(service.JSONHandler):
    def post(self, argument):
        self.write_json({"argument": argument, "body": self.read_json_object()}, status=201)

    def get(self, argument):
        self.write_json({"argument": argument})


class RaisesHandler(service.JSONHandler):
    """Raises what its class attribute holds."""

    error = None

    def get(self):
        raise self.error


class WrongRefusalHandler(service.JSONHandler):
    def get(self):
        raise service.Refusal("no", 400)


class FormHandler(service.JSONHandler):
    def post(self):
        self.write_json({"arguments": len(self.request.body_arguments), "bytes": len(self.body)})


class NotJSONHandler(service.JSONHandler):
    def get(self):
        self.write_json({"a": float("nan")})


class WaitHandler(service.JSONHandler):
    """Waits for a Future that the test settles."""

    future = None

    @gen.coroutine
    def get(self):
        WaitHandler.future = Future()
        yield service.uncancelled(WaitHandler.future)
        self.write_json({})


class BrokenEnvelopeHandler(service.JSONHandler):
    def get(self):
        raise ValueError()

    def error_body(self, status, message, exception=None, incident=None):
        raise KeyError("a bug in the hook")


class OwnEnvelopeHandler(service.JSONHandler):
    def get(self):
        raise web.HTTPError(409)

    def error_body(self, status, message, exception=None, incident=None):
        return {"code": status, "said": message, "kind": type(exception).__name__}


class OwnNotServed(service.ErrorHandler, OwnEnvelopeHandler):
    pass


ROUTES = [
    ("/echo/([^/]*)", EchoHandler),
    ("/raises", RaisesHandler),
    ("/refusal", WrongRefusalHandler),
    ("/form", FormHandler),
    ("/nan", NotJSONHandler),
    ("/wait", WaitHandler),
    ("/broken", BrokenEnvelopeHandler),
    ("/own", OwnEnvelopeHandler),
    ("/plain", web.RequestHandler),
]


@pytest.fixture
def served(http_server):
    with ServedApp(lambda: service.Application(ROUTES), http_server=http_server) as served:
        yield served


@pytest.fixture
def connection(served):
    with served.connect() as connection:
        yield connection


def test_reads_and_writes_json(connection):
    """A handler gets a dict and answers with any status."""
    answer = connection.post("/echo/a%20b", u'{"x": "\u4e2d"}'.encode("utf-8"))
    assert answer.status == 201
    assert answer.json == {"argument": "a b", "body": {"x": u"\u4e2d"}}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers
    assert "etag" not in answer.headers


def test_invalid_input_is_400_with_the_reason(connection):
    """The client can correct its JSON, so the response says what is wrong."""
    answer = connection.post("/echo/x", b"[]")
    assert (answer.status, answer.json) == (400, {"error": "the body is JSON, but not an object"})


def test_the_connection_is_kept_after_every_kind_of_error(connection):
    """No error of a handler costs the client its connection: 400, 404, 405, 500."""
    RaisesHandler.error = ValueError()
    statuses = [
        connection.post("/echo/x", b"nonsense").status,
        connection.post("/nowhere", b"{}" * 1000).status,
        connection.post("/raises", b"{}").status,
        connection.get("/raises").status,
        connection.get("/echo/still-here").status,
    ]
    assert statuses == [400, 404, 405, 500, 200]


def test_unknown_path_is_404(connection):
    """In JSON, for every method and any body."""
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        connection.send(request_bytes(method, "/nowhere", b"{}"))
        answer = connection.read_answer()
        assert (answer.status, answer.json) == (404, {"error": "nothing is served at this path"})


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "BREW", "finish", "get"])
def test_wrong_method_is_405_with_the_allowed_ones(connection, method):
    """Known and invented methods; names of Python methods are not HTTP methods."""
    connection.send(request_bytes(method, "/echo/x", b"{}"))
    answer = connection.read_answer()
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, POST"
    assert answer.json == {"error": "this method is not served at this path"}


def test_head_is_405_without_a_body(connection):
    """A handler must define head(); a response to HEAD has no body (RFC 9110 section 9.3.2)."""
    connection.send(request_bytes("HEAD", "/echo/x"))
    answer = connection.read_answer(without_body=True)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")
    assert connection.get("/echo/x").status == 200


def test_plain_tornado_handlers_work_too(connection):
    """A handler that is not a JSONHandler is served, and counted as in flight."""
    assert connection.get("/plain").status == 405
    assert connection.get("/echo/x").status == 200


def test_bug_is_500_with_an_incident(connection, caplog):
    """The response has an id and no internals; the log has the id and the traceback."""
    RaisesHandler.error = ValueError("the secret is swordfish")
    answer = connection.get("/raises?token=hidden")
    assert answer.status == 500
    incident = answer.json["incident"]
    assert len(incident) >= 12
    assert b"swordfish" not in answer.body and b"ValueError" not in answer.body
    (record,) = [r for r in caplog.records if incident in r.getMessage()]
    assert record.levelno == logging.ERROR
    assert record.exc_info[1] is RaisesHandler.error
    assert "hidden" not in caplog.text


def test_refusal_with_exchanged_arguments_is_500_with_an_incident(connection, caplog):
    """One traceback, which says what to write; the connection is kept."""
    answer = connection.get("/refusal")
    assert answer.status == 500
    (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert answer.json["incident"] in record.getMessage()
    assert "the order is Refusal(status_code, why)" in caplog.text
    assert connection.get("/echo/x").status == 200


def test_two_incidents_have_two_ids(connection):
    """An id leads to one traceback."""
    RaisesHandler.error = ValueError()
    first, second = connection.get("/raises").json, connection.get("/raises").json
    assert first["incident"] != second["incident"]


def test_value_that_is_not_json_is_500(connection):
    """NaN: no part of the value is sent."""
    assert connection.get("/nan").status == 500


def test_bug_in_the_error_hook_is_an_empty_500(connection):
    """The client does not wait forever."""
    assert connection.get("/broken").status == 500
    assert connection.get("/echo/x").status == 200


def test_tornado_http_errors_keep_their_status(connection):
    """``raise tornado.web.HTTPError(403)`` is answered as such, in JSON."""
    RaisesHandler.error = web.HTTPError(403, "the log may know why")
    answer = connection.get("/raises")
    assert (answer.status, answer.json) == (403, {"error": "Forbidden"})


@pytest.mark.parametrize("status", [418, 444, 499, 599])
def test_unregistered_status_is_answered(connection, status):
    """Tornado 5.1 raises for a status without a registered reason phrase."""
    RaisesHandler.error = web.HTTPError(status)
    assert connection.get("/raises").status == status


@pytest.mark.parametrize("reason", ["x\r\nSet-Cookie: a=b", "x\ny", "x\0", u"\u4e2d", ""])
def test_reason_cannot_inject_headers(connection, reason):
    """A reason that HTTP does not allow is replaced by the standard one."""
    RaisesHandler.error = web.HTTPError(400, reason=reason)
    answer = connection.get("/raises")
    assert (answer.status, answer.json) == (400, {"error": "Bad Request"})
    assert "set-cookie" not in answer.headers


def test_valid_reason_is_kept(connection):
    """It may say more than the standard phrase."""
    RaisesHandler.error = web.HTTPError(400, reason="No Such Fish")
    assert connection.get("/raises").json == {"error": "No Such Fish"}


def test_own_envelope_is_used_for_every_error():
    """Those of handlers by the hook; 404 and 413 by an error_handler of its own."""
    application = lambda: service.Application(  # noqa: E731
        ROUTES, max_body_bytes=10, error_handler=OwnNotServed
    )
    with ServedApp(application) as served, served.connect() as connection:
        assert connection.get("/own").json == {
            "code": 409, "said": "Conflict", "kind": "HTTPError"}  # fmt: skip
        assert connection.get("/nowhere").json["code"] == 404
        assert connection.post("/own", b"x" * 11).json["code"] == 413


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
    ],
)
def test_forms_are_not_parsed(connection, caplog, content_type):
    """Any client could keep Tornado's parsers busy, so they never run."""
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n" * 1000 + b"&a=1" * 1000
    answer = connection.post("/form", body, [("Content-Type", content_type)])
    assert answer.json == {"arguments": 0, "bytes": len(body)}
    assert [r for r in caplog.records if "tornado.access" not in r.name] == []


def test_bytes_in_the_path_that_are_not_utf8_reach_the_handler_as_u_fffd(connection):
    """The handler can refuse them like any other invalid argument."""
    assert connection.get("/echo/%ff").json == {"argument": u"\ufffd"}


def test_pipelined_requests_are_answered_in_order(connection):
    """Several requests in one packet get their responses in that order."""
    connection.send(b"".join(request_bytes("GET", "/echo/%d" % n) for n in range(5)))
    assert [connection.read_answer().json["argument"] for _ in range(5)] == list("01234")


def test_access_log_leaves_the_query_out(connection, caplog):
    """Queries often hold tokens; the line has status, method, path, client and time."""
    caplog.set_level(logging.INFO, logger="tornado.access")
    connection.get("/echo/x?token=hidden")
    (line,) = wait_until(
        lambda: [r.getMessage() for r in caplog.records if r.name == "tornado.access"]
    )
    assert line.startswith("200 GET /echo/x (127.0.0.1) ")


def test_client_that_leaves_is_not_logged_as_an_error(served, caplog):
    """Its handler ends without a warning; the service goes on."""
    WaitHandler.future = None
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future)
    with served.connect() as connection:
        connection.get("/echo/x")  # The end of the other connection has been noticed by now.
        served.call(lambda: WaitHandler.future.set_result(None))
        wait_until(lambda: served.application.requests_in_flight == 0)
        assert connection.get("/echo/x").status == 200
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_writing_to_a_client_that_left_is_not_logged_as_an_error(served, caplog):
    """StreamClosedError of the client's stream is not an incident."""
    WaitHandler.future = None
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future)
    with served.connect() as connection:
        connection.get("/echo/x")
        error = iostream.StreamClosedError()
        served.call(lambda: WaitHandler.future.set_exception(error))
        wait_until(lambda: served.application.requests_in_flight == 0)
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_stream_closed_error_of_another_stream_is_an_incident(served, caplog):
    """While the client waits, the error is a bug."""
    WaitHandler.future = None
    with served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future)
        error = iostream.StreamClosedError()
        served.call(lambda: WaitHandler.future.set_exception(error))
        assert connection.read_answer().status == 500


def test_request_counts_return_to_zero(served):
    """After responses, errors and clients that left, nothing counts as in flight."""
    RaisesHandler.error = ValueError()
    for _ in range(3):
        with served.connect() as connection:
            connection.post("/echo/x", b"{}")
            connection.get("/nowhere")
            connection.get("/raises")
            connection.send(b"POST /echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
    with served.connect() as connection:
        connection.send(b"GET /echo/x HTTP/1.1\r\n")
    wait_until(lambda: served.application.requests_in_flight == 0)
    assert repr(served.application) == "<Application in_flight=0 draining=False>"


class VersionHandler(service.JSONHandler):
    """Names the version of what it shows, by a method of Tornado's."""

    def set_etag_header(self):
        self.set_header("Etag", '"v1"')

    def get(self):
        self.write_json({})


def test_a_version_that_the_client_has_is_not_sent_again():
    """Tornado's way to set an Etag is kept, though JSON has none by itself."""
    with ServedApp(lambda: service.Application([("/", VersionHandler)])) as served:
        with served.connect() as connection:
            connection.send(request_bytes("GET", "/", headers=[("If-None-Match", '"v1"')]))
            answer = connection.read_answer(without_body=True)
            assert (answer.status, answer.headers["etag"]) == (304, '"v1"')
            assert connection.get("/").json == {}
