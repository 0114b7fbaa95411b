"""What a worker writes to the scoreboard, and when."""

from __future__ import absolute_import, division, print_function

import os

import pytest

import waterspout
from waterspout import service
from waterspout.service._operations import worker_reports
from waterspout.service._operations.scoreboard import Scoreboard
from waterspout.service._operations.worker_reports import WorkerReports, report_start
from waterspout.testing import MockTransport


class Socket(object):
    def __init__(self, address):
        self._address = address

    def getsockname(self):
        if self._address is None:
            raise EnvironmentError("closed")
        return self._address


class Server(object):
    """Counts what a server would count."""

    open_connections, in_flight, requests = 5, 2, 70

    def __init__(self, *addresses):
        self._sockets = dict(enumerate(map(Socket, addresses)))

    def stats(self):
        return {"requests": self.requests}


class ServerOfTornado(object):
    open_connections, in_flight, _sockets = 5, 2, {}


class Inventory(waterspout.BaseSDK):
    pass


@pytest.fixture
def report(io_loop):
    """``report(application, server)`` is the record of a worker; ``then`` is called with it."""

    def report(server=None, then=lambda reports, application: None, **keywords):
        board = Scoreboard(2)

        def run():
            application = service.Application([], **keywords)
            reports = WorkerReports(board, 1, application, server or Server())
            then(reports, application)

        io_loop.run_sync(run)
        return board.read()[1]

    return report


def test_report_has_the_numbers_of_the_process(report):
    """Its pid, state, memory, and what the server counts."""
    record = report()
    assert record["pid"] == os.getpid()
    assert record["state"] == "starting"
    assert (record["connections"], record["in_flight"], record["requests"]) == (5, 2, 70)
    assert record["memory_bytes"] is None or 1e6 < record["memory_bytes"] < 1e12
    assert record["started"] <= record["written"]


def test_report_has_what_counts_for_the_limits(report):
    """Of an application that has some; otherwise nothing."""
    record = report(overload=service.Overload(max_requests=9))
    assert record["admission"] == {"requests_running": 0, "requests_waiting": 0}
    assert "admission" not in report()


def test_tornados_server_does_not_count_requests(report):
    """The other numbers are there."""
    record = report(ServerOfTornado())
    assert "requests" not in record and record["connections"] == 5


def test_report_has_the_addresses_of_the_sockets(report):
    """A socket that is closed meanwhile is left out."""
    server = Server(
        ("10.0.0.1", 80), ("::1", 8080, 0, 0), "/run/a.sock", b"\0abstract", None)
    assert report(server)["listening"] == [
        "10.0.0.1:80", "[::1]:8080", "unix:/run/a.sock", "unix:@abstract"]


def test_state_is_serving_once_the_worker_says_so(report):
    """From then on, not from the start."""
    record = report(then=lambda reports, application: reports.serving())
    assert record["state"] == "serving" and record["since"] >= record["started"]


def test_state_is_draining_when_the_application_drains(report):
    """Whether or not it has served."""

    def drain(reports, application):
        reports.serving()
        application.draining = True
        reports.write()

    assert report(then=drain)["state"] == "draining"


def test_since_is_when_the_state_began(report):
    """Later reports of the same state do not move it."""
    seen = []

    def look(reports, application):
        for _ in range(3):
            reports.write()
            seen.append(reports.board.read()[1])

    report(then=look)
    assert len(set(each["since"] for each in seen)) == 1
    assert seen[0]["written"] < seen[2]["written"]


def test_upstreams_are_reported_by_name(report, io_loop):
    """With the counts of `Session.stats`, once calls were made."""
    record = report(upstreams={"main": Inventory("a.test", transport=MockTransport())})
    assert record["upstreams"] == {"main": {}}
    record = report(upstreams=[Inventory("a.test", transport=MockTransport())])
    assert list(record["upstreams"]) == ["Inventory"]


def test_stats_that_raise_do_not_end_the_reports(report):
    """The class of the error is reported in their place."""
    sdk = Inventory("a.test", transport=MockTransport())
    sdk.session.stats = lambda: {}["no"]
    assert report(upstreams=[sdk])["upstreams"] == {"Inventory": {"error": "KeyError"}}


def test_report_is_written_again_without_being_asked(io_loop, monkeypatch):
    """Each `INTERVAL`."""
    monkeypatch.setattr(worker_reports, "INTERVAL", 0.005)
    board, server = Scoreboard(1), Server()

    def look():
        if board.read()[0]["requests"] == 71:
            io_loop.stop()
        else:
            io_loop.call_later(0.005, look)

    def start():
        WorkerReports(board, 0, service.Application([]), server)
        server.requests = 71
        look()

    io_loop.add_callback(start)
    io_loop.start()


def test_record_is_gone_after_the_end(report):
    """A worker that has ended is not shown."""
    assert report(then=lambda reports, application: reports.close()) is None


def test_process_reports_its_start_before_it_has_an_application():
    """The supervisor sees who is starting."""
    board = Scoreboard(1)
    report_start(board, 0)
    record = board.read()[0]
    assert (record["pid"], record["state"]) == (os.getpid(), "starting")


def test_application_with_operations_is_given_the_reports(io_loop):
    """Its pages show the board."""
    board, shown = Scoreboard(1), []

    class Operations(object):
        show = staticmethod(shown.append)

    def run():
        application = service.Application([])
        application.operations = Operations()
        WorkerReports(board, 0, application, Server())

    io_loop.run_sync(run)
    assert [reports.board for reports in shown] == [board]
