"""A reload in one process: another application takes over, and the first one finishes its work.

With real connections, because what must not happen is a reset.
"""

from __future__ import absolute_import, division, print_function

import threading

from programs import wait_until
from raw_client import request_bytes
from tornado import gen
from tornado.concurrent import Future

from waterspout import service


class Release(object):
    """Applications that say which one they are, and wait where the test wants it."""

    def __init__(self, name, **settings):
        self.name = name
        self.waiting = []
        self.has_shut_down = False
        self._settings = settings

    def __call__(self):
        application = service.Application(
            [("/name", NameHandler), ("/wait", WaitHandler)], release=self, **self._settings)
        application.on_shutdown(self._shut_down)
        return application

    def _shut_down(self):
        self.has_shut_down = True


class NameHandler(service.JSONHandler):
    def get(self):
        self.write_json(self.settings["release"].name)


class WaitHandler(service.JSONHandler):
    @gen.coroutine
    def get(self):
        release = self.settings["release"]
        future = Future()
        release.waiting.append(future)
        yield future
        self.write_json([release.name, release.has_shut_down])


def broken():
    raise ValueError("the new configuration is wrong")


def leaves():
    raise SystemExit("error: the new configuration is wrong")


def name_of(served):
    with served.connect() as connection:
        return connection.get("/name").json


def test_new_connections_go_to_the_new_application(serve):
    """From the moment of the reload."""
    with serve(Release("first")) as served:
        assert name_of(served) == "first"
        assert served.reload(Release("second"))
        assert name_of(served) == "second"
        assert served.reload(Release("third"))
        assert name_of(served) == "third"


def test_request_in_flight_is_finished_by_its_own_application(serve):
    """Whose shutdown callbacks run after it, while the new one serves."""
    first = Release("first")
    with serve(first) as served, served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: first.waiting)
        assert served.reload(Release("second"))
        assert name_of(served) == "second"
        assert not first.has_shut_down
        served.call(lambda: first.waiting[0].set_result(None))
        answer = connection.read_answer()
        assert (answer.json, answer.headers["connection"]) == (["first", False], "close")
        assert connection.is_closed_by_peer()
        wait_until(lambda: first.has_shut_down, "the shutdown callback")
        assert name_of(served) == "second"


def test_kept_connection_gets_a_last_answer(serve):
    """It is closed after that, as when a service stops; the client connects again."""
    with serve(Release("first")) as served, served.connect() as connection:
        assert connection.get("/name").json == "first"
        assert served.reload(Release("second"))
        answer = connection.get("/name")
        assert (answer.json, answer.headers["connection"]) == ("first", "close")
        assert connection.is_closed_by_peer()


def test_readiness_does_not_change_at_a_reload(serve):
    """Neither application is said to be draining: the service is not."""
    first = Release("first")
    with serve(first) as served, served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: first.waiting)
        old = served.application
        assert served.reload(Release("second"))
        assert not old.draining and not served.application.draining
        served.call(lambda: first.waiting[0].set_result(None))
        assert connection.read_answer().status == 200


def test_application_that_cannot_be_made_changes_nothing(serve, caplog):
    """The reason is logged, and the service goes on, on the same connections."""
    first = Release("first")
    with serve(first) as served, served.connect() as connection:
        assert connection.get("/name").json == "first"
        for make_app in (broken, leaves):
            assert not served.reload(make_app)
            answer = connection.get("/name")
            assert (answer.json, answer.headers.get("connection")) == ("first", None)
        assert not first.has_shut_down
    assert caplog.text.count("Reload failed; the service goes on as before: ") == 2
    assert "the new configuration is wrong" in caplog.text


def test_options_of_the_new_application_apply_to_new_connections(serve):
    """It has a server of its own, with the limits that it asks for."""
    with serve(Release("first")) as served:
        assert served.reload(Release("second", max_body_bytes=3))
        with served.connect() as connection:
            connection.send(request_bytes("POST", "/name", b"1234"))
            assert connection.read_answer().status == 413


def test_stop_waits_for_the_application_before(serve):
    """Both finish their requests and shut down."""
    first, second = Release("first"), Release("second")
    with serve(first) as served, served.connect() as one:
        one.send(request_bytes("GET", "/wait"))
        wait_until(lambda: first.waiting)
        assert served.reload(second)
        with served.connect() as other:
            other.send(request_bytes("GET", "/wait"))
            wait_until(lambda: second.waiting)
            served.stop()
            served.call(lambda: second.waiting[0].set_result(None))
            assert other.read_answer().json == ["second", False]
        served.call(lambda: first.waiting[0].set_result(None))
        assert one.read_answer().json == ["first", False]
    assert first.has_shut_down and second.has_shut_down


def test_clients_lose_no_request_during_reloads(serve):
    """Those that keep their connections, and those that open one for each request."""
    errors, counts, stop = [], [], threading.Event()
    begun = threading.Semaphore(0)

    def work(served, keep):
        count, connection = 0, None
        try:
            while not stop.is_set():
                connection = connection or served.connect()
                answer = connection.get("/name")
                assert answer is not None and answer.status == 200
                count += 1
                if count == 5:
                    begun.release()
                if not keep or answer.headers.get("connection") == "close":
                    connection.socket.close()
                    connection = None
        except Exception as error:
            errors.append(error)
        finally:
            if connection is not None:
                connection.socket.close()
            counts.append(count)
            begun.release()

    with serve(Release("first")) as served:
        threads = [threading.Thread(target=work, args=(served, n % 2 == 0)) for n in range(6)]
        for thread in threads:
            thread.start()
        for _ in threads:
            begun.acquire()
        for number in range(10):
            assert served.reload(Release("number %d" % number))
            assert name_of(served) == "number %d" % number
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []
    assert min(counts) >= 5
