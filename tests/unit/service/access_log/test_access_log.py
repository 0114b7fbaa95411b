"""The lines of the access log, as text and as JSON, and which requests have one."""

from __future__ import absolute_import, division, print_function

import json
import logging

import pytest
from tornado.web import Application, RequestHandler, url

from waterspout.instrumentation import CallTally, call_tally
from waterspout.service import AccessLog, JSONFormatter
from waterspout.service._access_log import writer
from waterspout.service._access_log.writer import AccessLogWriter
from waterspout.service._observing.request_context import context_of

ID = "4bf92f3577b34da6a3ce929d0e0e4736"


class Request(object):
    method, path, remote_ip, body = "GET", "/a", "10.0.0.7", b""

    def __init__(self, seconds=0.0125):
        self.headers = {"X-Request-ID": ID}
        self.seconds = seconds

    def request_time(self):
        return self.seconds


class Handler(object):
    def __init__(self, status=200, request=None, **attributes):
        self.request = request or Request()
        self.status = status
        self._headers = {"Content-Length": "345"}
        self.__dict__.update(attributes)

    def get_status(self):
        return self.status


@pytest.fixture
def records(caplog):
    caplog.set_level(logging.INFO, logger="tornado.access")
    return lambda: caplog.records


@pytest.fixture
def lines(records):
    """What was logged: level and text."""
    return lambda: [(record.levelname, record.getMessage()) for record in records()]


@pytest.fixture
def objects(records):
    """What was logged, as JSON; each must be one line."""
    def read():
        texts = [JSONFormatter().format(record) for record in records()]
        assert not any("\n" in text for text in texts)
        return [json.loads(text) for text in texts]

    return read


def logging_as(dice=None, **options):
    application = Application([
        url("/a", RequestHandler, name="a"), url("/b/([^/]*)", RequestHandler)])
    options.setdefault("details", False)
    return AccessLogWriter(AccessLog(**options), application, dice)


def counted(request, calls=1, retries=0, seconds=0.01):
    """Give ``request`` an id, and calls that took so long."""
    context = context_of(request, "X-Request-ID")
    context.tally = tally = CallTally()
    for _ in range(calls):
        tally.begin()
        tally.end()
    tally.retries = retries
    tally._seconds = seconds
    return request


# As text


@pytest.mark.parametrize("status, level", [(200, "INFO"), (404, "INFO"), (500, "WARNING")])
def test_line_has_status_method_path_client_and_time(lines, status, level):
    """A warning from 500 on."""
    logging_as().log_response(Handler(status))
    assert lines() == [(level, "%d GET /a (10.0.0.7) 12.5ms" % status)]


def test_client_at_a_unix_socket_has_no_address(lines):
    """The line does not show the one that Tornado gives it."""
    request = Request()
    request.remote_ip = "0.0.0.0"
    logging_as().log_response(Handler(request=request))
    assert lines() == [("INFO", "200 GET /a (unix) 12.5ms")]


def test_line_has_the_id_of_the_request(lines):
    request = Request()
    context_of(request, "X-Request-ID")
    logging_as().log_response(Handler(request=request))
    assert lines() == [("INFO", "200 GET /a (10.0.0.7) 12.5ms id=" + ID)]


@pytest.mark.parametrize(
    "status, outcome", [(200, "the request ended with 200"), (499, "the request was given up")]
)
def test_line_of_a_client_that_left_says_when_and_how_the_request_ended(lines, status, outcome):
    """With 499 in place of the status."""
    logging_as().log_response(Handler(status, client_left_after=0.003))
    assert lines() == [
        ("INFO", "499 GET /a (10.0.0.7) 12.5ms: the client left after 3.0ms, " + outcome)]


def test_line_of_a_refused_request_says_why(lines):
    """The kind of refusal, as the server counts it."""
    request = Request()
    request.refusal_kind = "host"
    logging_as().log_response(Handler(400, request))
    assert lines() == [("INFO", "400 GET /a (10.0.0.7) 12.5ms: refused by the server (host)")]


def test_line_of_a_response_that_was_cut_off(lines):
    """With the status that was sent."""
    logging_as().log_response(Handler(response_cut_off=True))
    assert lines() == [
        ("INFO", "200 GET /a (10.0.0.7) 12.5ms: an error cut the response off")]


def test_line_of_an_incomplete_request(lines):
    """With 499."""
    logging_as().log_incomplete(Request())
    assert lines() == [("INFO", "499 GET /a (10.0.0.7) 12.5ms: "
                                "the connection ended before the request was complete")]


def test_line_with_details(lines):
    """The request's own time and that of its calls; what is not known is left out."""
    handler = Handler(request=counted(Request(), calls=2, retries=1), body=b"12")
    handler.request.principal = Principal("importer")
    logging_as(details=True).log_response(handler)
    request = counted(Request(), calls=0, seconds=0)
    request.path = "/nowhere"
    logging_as(details=True).log_response(Handler(404, request, _headers={}))
    assert [text for _, text in lines()] == [
        "200 GET /a (10.0.0.7) 12.5ms id=%s own=2.5ms upstream=10.0ms calls=2 retries=1 in=2 "
        "out=345 route=a principal=importer" % ID,
        "404 GET /nowhere (10.0.0.7) 12.5ms id=%s own=12.5ms upstream=0.0ms calls=0 in=0" % ID]


class Principal(object):
    def __init__(self, name):
        self.name = name


def test_lines_below_the_level_are_not_logged(caplog):
    """At WARNING those of errors alone."""
    caplog.set_level(logging.WARNING, logger="tornado.access")
    log = logging_as()
    log.log_response(Handler(200))
    log.log_incomplete(Request())
    log.log_response(Handler(502))
    assert [record.getMessage()[:3] for record in caplog.records] == ["502"]


# As JSON


def test_object_of_a_request(objects):
    """Without details."""
    request = Request()
    context_of(request, "X-Request-ID")
    logging_as().log_response(Handler(503, request))
    (found,) = objects()
    assert found.pop("time").endswith("Z") and found.pop("process") > 0
    assert found == {
        "level": "warning", "logger": "tornado.access", "message": "503 GET /a",
        "request_id": ID, "client": "10.0.0.7", "method": "GET", "path": "/a", "status": 503,
        "duration_ms": 12.5, "outcome": "answered"}


def test_object_of_a_request_with_details(objects):
    """The times of both parts add up to the whole."""
    handler = Handler(request=counted(Request(), calls=2, retries=1), body=b"12")
    handler.request.principal = Principal("importer")
    logging_as(details=True).log_response(handler)
    (found,) = objects()
    assert (found["own_ms"], found["upstream_ms"], found["duration_ms"]) == (2.5, 10.0, 12.5)
    assert (found["upstream_calls"], found["upstream_retries"]) == (2, 1)
    assert (found["request_bytes"], found["response_bytes"]) == (2, 345)
    assert (found["route"], found["principal"]) == ("a", "importer")


def test_what_is_not_known_is_null(objects):
    """No route, a response in chunks; and nothing of a principal if there is none."""
    request = Request()
    request.path = "/nowhere"
    logging_as(details=True).log_response(Handler(404, request, _headers={}))
    (found,) = objects()
    assert (found["route"], found["response_bytes"], found["request_bytes"]) == (None, None, 0)
    assert "principal" not in found and "request_id" not in found


def test_own_time_is_never_negative(objects):
    """The clocks of the request and of its calls may differ."""
    logging_as(details=True).log_response(Handler(request=counted(Request(), seconds=0.013)))
    assert objects()[0]["own_ms"] == 0


def test_calls_that_are_under_way_count_up_to_now(objects, monkeypatch):
    """Those of a client that has left, for example."""
    now = [10.0]
    monkeypatch.setattr(call_tally, "monotonic", lambda: now[0])
    request = Request()
    context_of(request, "X-Request-ID").tally = tally = CallTally()
    tally.begin()
    now[0] += 0.005
    logging_as(details=True).log_response(Handler(499, request, client_left_after=0.003))
    (found,) = objects()
    assert (found["upstream_ms"], found["upstream_calls"]) == (5.0, 1)


@pytest.mark.parametrize("attributes, expected", [
    ({"client_left_after": 0.003}, {
        "status": 499, "outcome": "client left", "client_left_after_ms": 3.0,
        "handler_status": 200, "response_bytes": None}),
    ({"response_cut_off": True}, {
        "status": 200, "outcome": "cut off", "response_bytes": None}),
], ids=["client left", "cut off"])
def test_object_says_how_the_request_ended(objects, attributes, expected):
    logging_as(details=True).log_response(Handler(**attributes))
    (found,) = objects()
    assert dict((name, found[name]) for name in expected) == expected


def test_object_of_a_refused_request(objects):
    """How much of its body has arrived is not known."""
    request = Request()
    request.refusal_kind = "body size"
    logging_as(details=True).log_response(Handler(413, request, body=b""))
    (found,) = objects()
    assert (found["outcome"], found["refusal"]) == ("refused", "body size")
    assert (found["request_bytes"], found["response_bytes"]) == (None, 345)


def test_object_of_an_incomplete_request(objects):
    logging_as(details=True).log_incomplete(counted(Request()))
    (found,) = objects()
    assert (found["status"], found["outcome"]) == (499, "incomplete")
    assert (found["route"], found["request_bytes"], found["request_id"]) == (None, None, ID)


HOSTILE = ['\n{"status":200}', "\x1b[31mred\x1b[0m", '"', "\\", "\\\\ud800", "\x00\x7f\x9f",
           u"\u2028", u"\ud800", u"\ud83d\ude00", "\xff\xfe", "/" + "a" * 100000,
           u"\xe4" * 5000, "%", "%s%n"]


@pytest.mark.parametrize("text", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_hostile_text_gives_one_line_of_valid_json(records, text):
    """In what a client has a say in: method, path, and the name that it has been given."""
    request = counted(Request())
    request.method = request.path = text
    request.principal = Principal(text)
    logging_as(details=True).log_response(Handler(400, request))
    (record,) = records()
    line = JSONFormatter().format(record)
    line.encode("ascii") if str is not bytes else line.decode("ascii")
    assert not any(character < " " or character == "\x7f" for character in line)
    assert len(line) < 40000
    found = json.loads(line)
    json.dumps(found, ensure_ascii=False).encode("utf-8")  # No half of a surrogate pair.
    assert found["status"] == 400
    shown = record.getMessage()
    assert len(shown) < 2000 and "\n" not in shown and "\x1b" not in shown


# Which requests


def test_a_sample_of_ordinary_requests(objects):
    """What the dice say; the line says how many requests it stands for."""
    numbers = iter([0.5, 0.0099, 0.01, 0.001])
    log = logging_as(dice=lambda: next(numbers), sample=0.01)
    for status in (200, 201, 404, 403):
        log.log_response(Handler(status))
    found = objects()
    assert [each["status"] for each in found] == [201, 403]
    assert [each["sample"] for each in found] == [0.01, 0.01]


@pytest.mark.parametrize("handler", [
    Handler(500), Handler(503, client_left_after=1.0), Handler(response_cut_off=True),
    Handler(200, Request(seconds=2.0)), Handler(499, Request(seconds=2.5), client_left_after=1.0),
], ids=["500", "500 after the client left", "cut off", "slow", "slow, client left"])
def test_errors_and_slow_requests_are_always_logged(objects, handler):
    """Without asking the dice, and without a share in the line."""
    logging_as(dice=None, sample=0, slow=2.0).log_response(handler)
    assert "sample" not in objects()[0]


def test_nothing_ordinary_is_logged_with_a_sample_of_0(records):
    """Incomplete requests included, unless they are slow."""
    log = logging_as(dice=lambda: 0.0, sample=0, slow=2.0)
    log.log_response(Handler(200))
    log.log_response(Handler(499, client_left_after=1.0))
    log.log_incomplete(Request())
    assert records() == []
    log.log_incomplete(Request(seconds=3.0))
    assert len(records()) == 1


def test_no_request_is_slow_with_none(records):
    logging_as(dice=lambda: 0.5, sample=0, slow=None).log_response(
        Handler(200, Request(seconds=1e6)))
    assert records() == []


# Details


@pytest.mark.parametrize("formatter, wanted", [
    (None, False), (logging.Formatter("%(message)s"), False), (JSONFormatter(), True)])
@pytest.mark.parametrize("where", ["tornado.access", "tornado", ""])
def test_details_are_logged_by_default_where_lines_are_json(formatter, wanted, where):
    """By a handler of the access log's logger, or of one above it."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logger = logging.getLogger(where)
    logger.addHandler(handler)
    try:
        assert logging_as(details=None).wants_tally is wanted
        assert logging_as(details=False).wants_tally is False
        assert logging_as(details=True).wants_tally is True
    finally:
        logger.removeHandler(handler)


def test_a_logger_that_keeps_its_records_to_itself(monkeypatch):
    """A handler above it is not asked."""
    handler = logging.StreamHandler()
    handler.setFormatter(JSONFormatter())
    logging.getLogger().addHandler(handler)
    monkeypatch.setattr(writer._log, "propagate", False)
    try:
        assert logging_as(details=None).wants_tally is False
    finally:
        logging.getLogger().removeHandler(handler)


# The value


@pytest.mark.parametrize("arguments, error", [
    ({"sample": -0.1}, ValueError), ({"sample": 1.1}, ValueError),
    ({"sample": float("nan")}, ValueError), ({"sample": "1"}, TypeError),
    ({"sample": None}, TypeError), ({"sample": True}, TypeError), ({"slow": -1}, ValueError),
    ({"slow": float("nan")}, ValueError), ({"slow": "1"}, TypeError), ({"details": 2}, TypeError),
    ({"details": "no"}, TypeError),
])
def test_bad_arguments_are_refused_by_name(arguments, error):
    with pytest.raises(error) as caught:
        AccessLog(**arguments)
    (name,) = arguments
    assert str(caught.value).startswith(name + " must be ")


def test_value_compares_and_shows_its_arguments():
    one = AccessLog(sample=0.5, slow=None, details=True)
    assert one == AccessLog(0.5, None, True) and hash(one) == hash(AccessLog(0.5, None, True))
    assert one != AccessLog() and one != (0.5, None, True)
    assert repr(one) == "AccessLog(sample=0.5, slow=None, details=True)"
    with pytest.raises(AttributeError):
        one.sample = 1.0
