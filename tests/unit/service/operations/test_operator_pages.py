"""The pages for operators: what they say, and who may see them."""

from __future__ import absolute_import, division, print_function

import json
import logging
import os
import platform

import pytest
import tornado
from tornado import gen

import waterspout
from waterspout import service
from waterspout.instrumentation import Observer
from waterspout.service import Operations, ReadinessCheck
from waterspout.service._operations.scoreboard import Scoreboard
from waterspout.service._operations.worker_reports import WorkerReports
from waterspout.testing import MockTransport

PAGES = ("/healthz", "/readyz", "/metrics", "/status")


class Inventory(waterspout.BaseSDK):
    pass


def test_healthz_says_that_the_process_answers(called):
    """With JSON that no cache keeps."""
    response = called.get(called.application(Operations()), "/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_readyz_without_checks_is_ready(called):
    """A process that serves can be given requests."""
    response = called.get(called.application(Operations()), "/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})


def test_while_draining_readyz_is_503_and_healthz_200(called):
    """The checks are not asked any more."""
    asked = []
    application = called.application(Operations({"upstream": lambda: asked.append(1)}))
    application.draining = True
    response = called.get(application, "/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "draining"})
    assert called.get(application, "/healthz").status_code == 200
    assert asked == []


def fails():
    raise waterspout.ConnectError("cannot connect to http://10.1.2.3:8079")


def test_failing_check_makes_readyz_503_and_names_it(called):
    """Nothing internal is in the answer, such as the address of the upstream."""
    application = called.application(Operations({"cmdb": fails, "disk": lambda: True}))
    response = called.get(application, "/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "unready", "checks": {"cmdb": "failed", "disk": "passed"}}


def test_failing_check_that_is_not_required_is_shown_as_degraded(called):
    """With 200."""
    checks = [ReadinessCheck("cmdb", fails, required=False), ReadinessCheck("disk", lambda: 1)]
    response = called.get(called.application(Operations(checks)), "/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_worker_that_starts_is_not_ready(called):
    """On a port of their own the pages answer before the application does."""
    application = called.application(Operations())
    reports = called.run(lambda: _reports(application, Server()))
    response = called.get(application, "/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "starting"})
    called.run(reports[0].serving)
    assert called.get(application, "/readyz").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_head_has_the_status_and_no_body(called, path):
    """Some balancers probe with it."""
    response = called.get(called.application(Operations()), path, method="HEAD")
    assert (response.status_code, response.content) == (200, b"")


def test_status_can_be_read_as_it_comes(called):
    """A line for each number, and a worker begins with which one it is and what it does."""
    application = called.application(Operations())
    called.run(lambda: _reports(application, Server()))
    response = called.get(application, "/status")
    assert response.headers["Content-Type"].startswith("application/json")
    lines = response.text.splitlines()
    worker = lines.index('  "workers": [')
    names = [line.split(":")[0].strip() for line in lines[worker + 2:worker + 6]]
    assert names == ['"worker"', '"pid"', '"state"', '"state_seconds"']


@pytest.mark.parametrize("path", PAGES)
def test_other_methods_are_405(called, path):
    """Nothing can be changed."""
    response = called.get(called.application(Operations()), path, method="POST")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


# Who may see them


def as_unknown(called, application, response, **keywords):
    """Whether the response is the one that an unknown path gets."""
    unknown = called.get(application, "/unknown", **keywords)

    def shown(response):
        fields = dict((name.lower(), value) for name, value in response.headers.items()
                      if name.lower() not in ("x-request-id", "date"))
        return response.status_code, fields, response.content

    return shown(response) == shown(unknown) and unknown.status_code == 404


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("client", ["10.0.0.7", "192.0.2.1", "2001:db8::1", "::2"])
def test_peer_on_another_machine_gets_what_an_unknown_path_gets(called, path, client):
    """Byte for byte."""
    application = called.application(Operations())
    response = called.get(application, path, client=client)
    assert as_unknown(called, application, response, client=client)


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_peer_on_this_machine_sees_them(called, client):
    """By all addresses of the loopback interface."""
    assert called.get(called.application(Operations()), "/status", client=client).status_code == 200


@pytest.mark.parametrize("field", [
    "X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP", "X-Forwarded-Host",
    "X-Forwarded-Proto", "Via"])
@pytest.mark.parametrize("allowed", [None, ["10.0.0.0/8"]])
def test_request_that_a_proxy_has_passed_on_gets_404(called, field, allowed):
    """Its peer is the proxy, whoever its client is."""
    application = called.application(Operations(allowed=allowed))
    for client in ("127.0.0.1", "10.0.0.7"):
        response = called.get(
            application, "/status", client=client, headers={field: "127.0.0.1"})
        assert response.status_code == 404


def test_peer_on_an_allowed_network_sees_them(called):
    """And those on this machine, as before."""
    application = called.application(Operations(allowed=["10.0.0.0/8", "2001:db8::/32"]))
    status = [
        called.get(application, "/healthz", client=client).status_code
        for client in ("10.200.1.1", "2001:db8::9", "127.0.0.1", "11.0.0.1", "2001:db9::9")]
    assert status == [200, 200, 200, 404, 404]


def test_route_of_the_application_answers_those_who_may_not_see_the_page(called):
    """A path of the same name stays what it was for everyone else."""
    application = called.application(Operations(), [("/.*", _Own)])
    assert called.get(application, "/status", client="10.0.0.7").json() == {"own": True}
    assert "workers" in called.get(application, "/status").json()


class _Own(service.JSONHandler):
    def get(self):
        self.write_json({"own": True})


@pytest.mark.parametrize("host, status", [
    ("127.0.0.1:8888", 200), ("localhost", 200), ("[::1]:80", 200), ("evil.example", 404)])
def test_name_that_was_made_to_lead_here_shows_no_page(called, host, status):
    """If the application may not be called by names: DNS rebinding."""
    application = called.application(Operations(), allow_names=False)
    assert called.get(application, "/status", host=host).status_code == status


def test_application_that_may_be_called_by_names_shows_them(called):
    """As a peer on an allowed network sees them, by whatever name."""
    application = called.application(Operations())
    assert called.get(application, "/status", host="box.example").status_code == 200
    application = called.application(Operations(allowed=["10.0.0.7"]), allow_names=False)
    assert called.get(
        application, "/status", host="box.example", client="10.0.0.7").status_code == 200


@pytest.mark.parametrize("wrong", [["10.0.0.0/40"], ["example.com"], ["10.0.0.1/8"], [""]])
def test_what_is_no_network_is_refused(wrong):
    """When the service is made."""
    with pytest.raises(ValueError, match="is not a network"):
        Operations(allowed=wrong)


# On a port of their own


def test_own_application_answers_everyone(called):
    """Its port or socket says who can connect; the main application answers no more."""
    application = called.application(Operations())
    own = application.operations.application
    for path in PAGES:
        assert called.get(own, path, client="10.0.0.7", host="box.example").status_code == 200
        assert called.get(application, path).status_code == 404
    assert called.get(application, "/hello").status_code == 200
    assert called.get(own, "/hello").status_code == 404


def test_own_application_answers_allowed_networks_only_if_there_are_any(called):
    """This machine is always one of them."""
    own = called.application(Operations(allowed=["10.0.0.0/8"])).operations.application
    status = [called.get(own, "/readyz", client=client).status_code
              for client in ("10.0.0.7", "127.0.0.1", "192.0.2.1")]
    assert status == [200, 200, 404]


def test_own_application_shows_that_the_main_one_drains(called):
    """It is the main one whose requests a balancer has to send elsewhere."""
    application = called.application(Operations())
    own = application.operations.application
    application.draining = True
    assert called.get(own, "/readyz").status_code == 503


def test_operations_need_an_application_of_their_own(called):
    """One cannot show two."""
    operations = Operations()
    with pytest.raises(RuntimeError, match="give Operations to an Application first"):
        called.get(operations.application, "/healthz")
    called.application(operations)
    with pytest.raises(ValueError, match="Operations of its own"):
        called.application(operations)


# What they do not do


def test_pages_need_no_key_and_count_for_no_limit(called):
    """What refuses requests at their head does not see them."""
    checked = []

    def refuse(request):
        checked.append(request.path)
        return service.Refusal(401, "a key is needed")

    application = called.application(Operations(), head_checks=[refuse])
    assert [called.get(application, path).status_code for path in PAGES] == [200] * 4
    assert called.get(application, "/hello").status_code == 401
    assert called.get(application, "/status", client="10.0.0.7").status_code == 401
    assert checked == ["/hello", "/status"]


def test_pages_are_not_in_the_access_log_and_not_in_the_metrics(called, caplog):
    """A probe every second would hide the rest; the log has them at debug."""
    told = []

    class Seen(Observer):
        def request_received(self, detail):
            told.append(detail.http_request.path)

        def response_sent(self, detail):
            told.append(detail.status_code)

    caplog.set_level(logging.DEBUG, logger="tornado.access")
    application = called.application(Operations({"cmdb": fails}), observers=[Seen()])
    called.get(application, "/readyz")
    called.get(application, "/status", client="10.0.0.7")
    called.get(application, "/hello")
    lines = [(record.levelname, record.getMessage().split(" (")[0]) for record in caplog.records
             if record.name == "tornado.access"]
    assert lines == [
        ("DEBUG", "503 GET /readyz"), ("INFO", "404 GET /status"), ("INFO", "200 GET /hello")]
    assert told == ["/status", 404, "/hello", 200]


def test_request_for_a_page_is_in_flight_until_it_is_answered(called):
    """A stop waits for it, and then for nothing more."""
    seen = []
    application = called.application(Operations({
        "cmdb": lambda: seen.append(application.requests_in_flight)}))
    called.get(application, "/readyz")
    assert seen == [1] and application.requests_in_flight == 0


def test_application_without_operations_has_no_pages(called):
    """They are off by default."""
    application = called.application(None)
    assert [called.get(application, path).status_code for path in PAGES] == [404] * 4


# /status


class Server(object):
    open_connections, in_flight, requests, _sockets = 3, 1, 40, {}
    head_timeout, send_timeout, max_start_line_size, max_header_fields = 60.0, 30.0, 8192, 100

    class conn_params(object):
        header_timeout, body_timeout = 75.0, 60.0

    def stats(self):
        return {"requests": self.requests}


def _reports(application, server):
    board = Scoreboard(3)
    return WorkerReports(board, 0, application, server), board


def test_status_shows_this_process_alone_without_a_scoreboard(called):
    """Versions, limits, and its upstreams by name."""
    application = called.application(
        Operations(versions={"inventory": "2.1"}), max_body_bytes=1000,
        upstreams={"main": Inventory("a.test", transport=MockTransport())})
    status = called.get(application, "/status").json()
    assert status["versions"] == {
        "python": platform.python_version(), "tornado": tornado.version,
        "waterspout": waterspout.__version__, "inventory": "2.1"}
    assert status["state"] == "serving" and status["pid"] == os.getpid()
    assert status["limits"] == {"body_bytes": 1000}
    worker, = status["workers"]
    assert worker["pid"] == os.getpid() and worker["upstreams"] == {"main": {}}
    assert worker["in_flight"] == 1  # This request.
    assert 0 <= worker["uptime_seconds"] < 60 and worker["report_age_seconds"] < 60


def test_status_shows_the_workers_of_all_processes(called):
    """Whichever of them answers, with sums."""
    application = called.application(Operations())
    reports, board = called.run(lambda: _reports(application, Server()))
    now = waterspout._compat.monotonic()
    board.write(2, {"pid": 77, "state": "draining", "since": now - 3, "started": now - 100,
                    "written": now - 1, "requests": 2, "connections": 5, "in_flight": 4,
                    "memory_bytes": None})
    called.run(reports.serving)
    status = called.get(application, "/status").json()
    assert [(each["worker"], each["state"]) for each in status["workers"]] == [
        (0, "serving"), (2, "draining")]
    other = status["workers"][1]
    assert other["pid"] == 77 and 3 <= other["state_seconds"] < 60
    assert 100 <= other["uptime_seconds"] < 160 and 1 <= other["report_age_seconds"] < 60
    assert status["totals"]["requests"] == 42 and status["totals"]["connections"] == 8
    assert status["limits"]["idle_seconds"] == 75.0 and status["limits"]["header_fields"] == 100


def test_status_of_the_service_itself_is_shown(called):
    """What JSON cannot represent becomes text, and does not break the page."""
    operations = Operations(status=lambda: {"queue": 3, "rate": float("nan"), "at": object})
    status = called.get(called.application(operations), "/status").json()
    assert status["service"]["queue"] == 3 and status["service"]["rate"] is None
    assert "object" in status["service"]["at"]


# /metrics


def test_metrics_without_a_library_have_the_numbers_of_the_workers(called):
    """In the text format of Prometheus."""
    application = called.application(Operations({"cmdb": fails}))
    reports, board = called.run(lambda: _reports(application, Server()))
    called.run(reports.serving)
    called.get(application, "/readyz")
    response = called.get(application, "/metrics")
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'waterspout_workers{state="serving"} 1\n' in response.text
    assert 'waterspout_worker_requests_total{worker="0"} 40\n' in response.text
    assert "# TYPE waterspout_worker_requests_total counter\n" in response.text
    assert "waterspout_ready 0\n" in response.text


def test_metrics_of_an_observer_come_before_those_of_the_workers(called):
    """In the text format, also if the scrape would take another one: ours could not follow it."""

    class Metrics(object):
        def exposition(self, accept=""):
            return "text/plain; version=0.0.4", b"calls_total 1.0\n# " + accept.encode() + b"\n"

    response = called.get(called.application(Operations(metrics=Metrics())), "/metrics",
                          headers={"Accept": "application/openmetrics-text"})
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4"
    assert response.text.startswith("calls_total 1.0\n# \n# HELP waterspout_workers ")


@pytest.mark.parametrize("arguments", [
    {"metrics": object()}, {"status": {}}, {"checks": [print]}, {"allowed": "10.0.0.0/8"},
    {"allowed": [7]}])
def test_arguments_of_a_wrong_type_are_refused(arguments):
    """When the service is made, not at the first probe."""
    with pytest.raises(TypeError):
        Operations(**arguments)


def test_bug_in_a_status_function_is_an_incident(called, caplog):
    """Not a page with a traceback."""
    response = called.get(called.application(Operations(status=lambda: {}["no"])), "/status")
    assert response.status_code == 500 and "incident" in response.json()
    assert json.loads(response.text)["incident"] in caplog.text


def test_metrics_may_come_later(called):
    """From a store that must not hold the loop up."""

    class Metrics(object):
        @gen.coroutine
        def exposition(self, accept=""):
            yield gen.moment
            raise gen.Return(("text/plain; version=0.0.4", b"jobs 1\n"))

    response = called.get(called.application(Operations(metrics=Metrics())), "/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4"
    assert response.text.startswith("jobs 1\n# HELP waterspout_workers ")
