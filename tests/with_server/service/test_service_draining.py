"""Stopping a server: requests in flight are answered, idle connections are closed."""

from __future__ import absolute_import, division, print_function

import logging
import threading

import pytest
from programs import wait_until
from raw_client import request_bytes
from served_app import ServedApp
from tornado import gen
from tornado.concurrent import Future

from waterspout import service
from waterspout._http_server import phases
from waterspout.service._processes import service_plan
from waterspout.service._server import drain

BIG = 8 * 1024 * 1024


class WaitHandler(service.JSONHandler):
    """Answers with ``BIG`` bytes when the test tells it."""

    future = None

    @gen.coroutine
    def get(self):
        WaitHandler.future = Future()
        yield WaitHandler.future
        self.write_json("x" * BIG)


class QuickHandler(service.JSONHandler):
    def get(self):
        self.write_json({})

    def post(self):
        self.write_json({"bytes": len(self.body)})


class Recorder(object):
    """Shutdown callbacks, and the order in which they ran."""

    def __init__(self):
        self.ran = []

    def callback(self, name, outcome=None):
        def callback():
            self.ran.append(name)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome() if outcome else None

        return callback


def make_app(*callbacks):
    def make():
        WaitHandler.future = None
        application = service.Application([("/wait", WaitHandler), ("/quick", QuickHandler)])
        for callback in callbacks:
            application.on_shutdown(callback)
        return application

    return make


def release(served):
    served.call(lambda: WaitHandler.future.set_result(None))


def draining(served):
    wait_until(lambda: served.application.draining, "draining")


def receives_a_head(served):
    return any(each.phase is phases.HEAD for each in list(served.server._connections))


def test_request_that_nobody_has_read_yet_is_answered(serve):
    """It came when its idle connection was to be closed: it must not be reset."""
    left = []
    with serve(make_app()) as served, served.connect() as one, served.connect() as other:
        assert one.get("/quick").status == other.get("/quick").status == 200

        wait_until(lambda: not served.server.active_requests, "idle connections")

        def close():  # On the loop, which cannot read meanwhile.
            one.send(request_bytes("GET", "/quick"))
            served.server.conn_params.no_keep_alive = True
            left.append(served.server.close_idle_connections())

        served.call(close)
        answer = one.read_answer()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert one.is_closed_by_peer() and other.is_closed_by_peer()
        assert left == [True]


def test_response_in_flight_is_sent_to_its_last_byte(serve):
    """The drain waits for a long response to a slow reader."""
    with serve(make_app()) as served, served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future)
        served.stop()
        draining(served)
        release(served)
        # The handler has ended; most of its response is not read yet.
        wait_until(lambda: served.application.requests_in_flight == 0)
        answer = connection.read_answer()
        assert (len(answer.body), answer.headers["connection"]) == (BIG + 2, "close")
        assert connection.is_closed_by_peer()


def test_upload_in_flight_is_read_and_answered(serve):
    """A request counts as in flight when its head has arrived."""
    with serve(make_app()) as served, served.connect() as connection:
        request = request_bytes("POST", "/quick", b"x" * 1000)
        connection.send(request[:-1])
        wait_until(lambda: served.application.requests_in_flight == 1)
        served.stop()
        draining(served)
        connection.send(request[-1:])
        answer = connection.read_answer()
        assert (answer.json, answer.headers["connection"]) == ({"bytes": 1000}, "close")


def test_request_whose_head_has_begun_is_read_and_answered(monkeypatch):
    """Its client sends slowly, and nobody else has a request: the connection is not idle."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0)
    with ServedApp(make_app()) as served, served.connect() as idle, served.connect() as connection:
        request = request_bytes("GET", "/quick")
        connection.send(request[:-1])
        wait_until(lambda: receives_a_head(served))
        served.stop()
        assert idle.is_closed_by_peer()  # So that the drain has looked at all connections.
        connection.send(request[-1:])
        answer = connection.read_answer()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert connection.is_closed_by_peer()


def test_head_that_does_not_end_is_not_waited_for_longer_than_the_drain(monkeypatch, caplog):
    """Nothing of it was a request yet, so nothing counts as cut off."""
    monkeypatch.setattr(drain, "IDLE_GRACE", 0)
    with ServedApp(make_app(), drain_timeout=0.05) as served, served.connect() as connection:
        connection.send(b"GET /quick HTTP/1.1\r\n")
        wait_until(lambda: receives_a_head(served))
        served.stop()
        assert connection.is_closed_by_peer()
    assert "Cut off" not in caplog.text


def test_work_for_a_client_that_left_is_finished(serve):
    """The handler runs on when its client has left; the drain waits for it."""
    recorder = Recorder()
    with serve(make_app(recorder.callback("closed"))) as served:
        with served.connect() as connection:
            connection.send(request_bytes("GET", "/wait"))
            wait_until(lambda: WaitHandler.future)
        served.stop()
        draining(served)
        assert recorder.ran == []
        release(served)
    assert recorder.ran == ["closed"]


def test_idle_connection_gets_one_more_response(serve):
    """A client that was about to use its kept connection is answered with Connection: close."""
    with serve(make_app()) as served, served.connect() as idle, served.connect() as busy:
        assert idle.get("/quick").status == 200
        busy.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future)
        served.stop()
        draining(served)
        answer = idle.get("/quick")
        assert (answer.status, answer.headers["connection"]) == (200, "close")
        assert idle.is_closed_by_peer()
        release(served)
        assert busy.read_answer().status == 200


def test_connection_closes_after_the_response_that_says_close(serve):
    """Pipelined requests after it get no response."""
    with serve(make_app()) as served, served.connect() as connection:
        connection.send(request_bytes("GET", "/wait") + request_bytes("GET", "/quick"))
        wait_until(lambda: WaitHandler.future)
        served.stop()
        draining(served)
        release(served)
        assert connection.read_answer().headers["connection"] == "close"
        assert connection.is_closed_by_peer()


def test_idle_connections_are_closed_although_a_request_is_in_flight(serve):
    """After `IDLE_GRACE`; only the connections in use are waited for."""
    with serve(make_app()) as served, served.connect() as idle, served.connect() as busy:
        assert idle.get("/quick").status == 200
        busy.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future)
        served.stop()
        assert idle.is_closed_by_peer()
        assert served.application.requests_in_flight == 1
        release(served)
        assert busy.read_answer().status == 200


def test_refused_client_that_goes_on_sending_does_not_hold_the_stop(caplog):
    """Its connection, which is read only so that the client can read the refusal, is closed."""
    with ServedApp(make_app()) as served, served.connect() as connection:
        connection.send(b"POST /quick HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
        assert connection.read_answer().status == 413
        served.stop()
        assert connection.is_closed_by_peer()
    assert "Cut off" not in caplog.text


def test_shutdown_callbacks_run_last_first_although_one_fails(caplog):
    """In reverse order of their adding; an error is logged."""
    recorder = Recorder()

    @gen.coroutine
    def asynchronously():
        yield gen.moment
        recorder.ran.append("later")

    callbacks = [
        recorder.callback("first"),
        recorder.callback("asynchronous", asynchronously),
        recorder.callback("failing", ValueError("a client that does not close")),
        recorder.callback("last"),
    ]
    with ServedApp(make_app(*callbacks)) as served:
        served.stop()
    assert recorder.ran == ["last", "failing", "asynchronous", "later", "first"]
    assert "a client that does not close" in caplog.text


def test_shutdown_callback_that_does_not_end_is_abandoned(monkeypatch, caplog):
    """After `SHUTDOWN_TIMEOUT`, with a line in the log."""
    monkeypatch.setattr(service_plan, "SHUTDOWN_TIMEOUT", 0.05)
    with ServedApp(make_app(lambda: Future())) as served:
        served.stop()
    assert "did not end within 0.05 s" in caplog.text


def test_second_stop_has_no_effect():
    """The drain goes on."""
    with ServedApp(make_app()) as served:
        served.stop()
        served.stop()


def test_requests_beyond_the_drain_timeout_are_cut_off(caplog, serve):
    """They are counted in the log, and their connections closed."""
    with serve(make_app(), drain_timeout=0.05) as served, served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: WaitHandler.future)
        served.stop()
        assert connection.read_answer() is None
        release(served)
    assert "Cut off 1 requests still running after 0.05 s" in caplog.text


@pytest.mark.parametrize("round", range(3))
def test_no_request_is_lost_when_a_busy_server_stops(round, caplog, serve):
    """Many kept connections in full use: each request that was sent is answered."""
    caplog.set_level(logging.CRITICAL)
    errors, begun = [], threading.Semaphore(0)

    def hammer(served):
        try:
            with served.connect() as connection:
                begun.release()
                while True:
                    answer = connection.get("/quick")
                    assert answer is not None and answer.status == 200
                    if answer.headers.get("connection") == "close":
                        assert connection.is_closed_by_peer()
                        return
        except Exception as error:
            errors.append(error)

    with serve(make_app()) as served:
        threads = [threading.Thread(target=hammer, args=(served,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for _ in threads:
            begun.acquire()
        served.stop()
        for thread in threads:
            thread.join()
    assert errors == []
