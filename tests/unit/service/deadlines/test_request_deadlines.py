"""The deadline of a request: taken from its field, checked at the door, and sent on."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from client_fixtures import Client
from noting_observer import NotingObserver
from tornado import gen
from tornado.httputil import HTTPHeaders

import waterspout
from waterspout import service
from waterspout.service._deadlines.request_deadlines import RequestDeadlines
from waterspout.testing import AppTransport, FakeClock, MockTransport

FIELD = "X-Request-Timeout-Ms"


class ShowsHandler(service.JSONHandler):
    """Answers with the seconds that are left."""

    asked = 0

    def get(self):
        type(self).asked += 1
        deadline = self.deadline
        self.write_json({"left": None if deadline is None else round(deadline.left(), 4)})


class PausesHandler(service.JSONHandler):
    """Takes 0.3 s before it calls the upstream."""

    @gen.coroutine
    def get(self):
        yield gen.sleep(0.3)
        answer = yield self.upstream("inventory").fetch_async("GET", "/hosts")
        self.write_json(answer)


class OwnHandler(service.JSONHandler):
    """Has used the name for something else."""

    def initialize(self):
        self.deadline = "Friday"

    def get(self):
        self.write_json({"deadline": self.deadline})


@pytest.fixture
def upstream():
    mock = MockTransport()
    yield mock
    mock.check()


@pytest.fixture
def make_client(io_loop, upstream):
    """``make_client(deadline, **arguments)``: a client of a service with that ``deadline``."""
    clients = []

    def make(deadline, **arguments):
        sdk = waterspout.BaseSDK("upstream.test", transport=upstream)
        application = service.Application(
            [("/", ShowsHandler), ("/calls", PausesHandler), ("/own", OwnHandler)],
            deadline=deadline, upstreams={"inventory": sdk}, **arguments)
        clients.append(Client(io_loop, AppTransport(application), timeout=None))
        return clients[-1]

    ShowsHandler.asked = 0
    yield make
    for client in clients:
        client.close()


def ask(client, path="/", sent=None, seconds=None):
    """The response to a GET, under a `FakeClock` that advances by ``seconds``."""
    headers = {} if sent is None else {FIELD: sent}

    @gen.coroutine
    def run():
        with FakeClock() as clock:
            call = client.session.get("http://service.test" + path, headers=headers)
            if seconds is not None:
                yield clock.advance(seconds)
                assert call.done()
            response = yield call
        raise gen.Return(response)

    return client.run(run)


@pytest.mark.parametrize("arguments, sent, left", [
    ({}, None, None),
    ({}, "1500", 1.5),
    ({}, "1500.50", 1.5005),
    ({"default": 2.0}, None, 2.0),
    ({"default": 2.0}, "1500", 1.5),
    ({"most": 1.0}, "1500", 1.0),
    ({"least": 1.0}, "1500", 1.5),
    ({"unit": "s"}, "1.5", 1.5),
    ({"unit": "us"}, "1500000", 1.5),
])
def test_handler_sees_what_is_left(make_client, arguments, sent, left):
    """By the field, or by what counts for requests without it."""
    response = ask(make_client(waterspout.DeadlineHeader(**arguments)), sent=sent)
    assert (response.status_code, response.json()) == (200, {"left": left})


def test_field_is_not_looked_at_without_the_option(make_client):
    """Not even a malformed one."""
    assert ask(make_client(None), sent="soon").json() == {"left": None}


def test_handler_may_use_the_name_for_something_else(make_client):
    """As handlers of before the kit had deadlines may."""
    assert ask(make_client(waterspout.DeadlineHeader()), "/own", "1000").json() == {
        "deadline": "Friday"}


@pytest.mark.parametrize("sent", ["soon", "-1", "1e3", "", "1, 2", "0x10", "1 2", "nan"])
def test_malformed_field_is_refused(make_client, sent):
    """Before the handler runs; the sentence has the field's name and nothing of its value."""
    response = ask(make_client(waterspout.DeadlineHeader(default=1.0)), sent=sent)
    assert response.status_code == 400
    assert response.json() == {"error": "the field X-Request-Timeout-Ms must be one number of "
                                        "milliseconds, without sign and exponent"}
    assert ShowsHandler.asked == 0


@pytest.mark.parametrize("least, sent, said", [
    (0.0, "0", "0 s by X-Request-Timeout-Ms, and more than 0 s are needed"),
    (0.05, "40.5", "0.0405 s by X-Request-Timeout-Ms, and more than 0.05 s are needed"),
    (0.05, "4", "0.004 s by X-Request-Timeout-Ms, and more than 0.05 s are needed"),
])
def test_request_with_too_little_time_is_refused_at_the_door(make_client, least, sent, said):
    """It would end too late anyway. The sentence has the field and both times."""
    response = ask(make_client(waterspout.DeadlineHeader(least=least)), sent=sent)
    assert response.status_code == 504
    assert response.json() == {"error": "too little time is left to answer: " + said}
    assert ShowsHandler.asked == 0


class FakeRequest(object):
    def __init__(self, headers):
        self.headers = HTTPHeaders(headers)


def test_time_in_which_the_body_arrives_counts(io_loop):
    """The request has its time from its head on, not from its handler on."""
    @gen.coroutine
    def run():
        deadlines = RequestDeadlines(waterspout.DeadlineHeader())
        request = FakeRequest({FIELD: "500"})
        context = waterspout.CallContext()
        with FakeClock() as clock:
            deadlines.begin(request, context)
            assert deadlines.refusal(request, context) is None
            yield clock.advance(0.6)
            status, why = deadlines.refusal(request, context)
        assert status == 504 and "0 s by X-Request-Timeout-Ms" in why

    io_loop.run_sync(run)


def test_refusals_are_logged_and_observed(make_client, caplog):
    """In the access log with their kind; observers are told of the status."""
    caplog.set_level(logging.INFO, "tornado.access")
    observer = NotingObserver()
    client = make_client(waterspout.DeadlineHeader(), observers=[observer])
    for sent, status in (("0", 504), ("soon", 400)):
        assert ask(client, sent=sent).status_code == status
    lines = [r.getMessage() for r in caplog.records if r.name == "tornado.access"]
    assert [line.partition(" ")[0] for line in lines] == ["504", "400"]
    assert all(line.endswith(": refused by the server (deadline)") for line in lines)
    assert [each.status_code for each in observer.details("response_sent")] == [504, 400]


def test_calls_send_on_what_is_left(make_client, upstream):
    """In the same field; the handler has spent a part of it."""
    expected = upstream.get("/hosts").respond(json={})
    response = ask(make_client(waterspout.DeadlineHeader()), "/calls", "1000", 0.3)
    assert response.status_code == 200
    (sent,) = expected.sent
    assert sent.headers[FIELD] in ("699", "700")  # Floats; never more than is left.


def test_calls_end_at_the_deadline(make_client, upstream):
    """With 504, although the SDK's own timeout is longer."""
    upstream.get("/hosts").never()
    response = ask(make_client(waterspout.DeadlineHeader()), "/calls", "1000", 1.0)
    assert response.status_code == 504
    assert response.json() == {"error": "the upstream service did not answer in time"}


def test_call_that_would_begin_too_late_is_not_sent(make_client, upstream):
    """The handler has spent the time."""
    response = ask(make_client(waterspout.DeadlineHeader(least=0.1)), "/calls", "350", 0.3)
    assert response.status_code == 504


def test_deadline_must_be_a_deadline_header():
    """At once, and not at the first request."""
    for wrong in (2.0, "X-Timeout", waterspout.DeadlineHeader, waterspout.Deadline.after(1)):
        with pytest.raises(TypeError) as caught:
            service.Application([], deadline=wrong)
        assert "give a waterspout.DeadlineHeader" in str(caught.value)
