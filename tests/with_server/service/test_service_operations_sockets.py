"""Pages for operators on sockets of their own, from the start to the end of the drain."""

from __future__ import absolute_import, division, print_function

import signal

import pytest
from programs import wait_until
from raw_client import RawConnection, request_bytes
from tornado import gen
from tornado.concurrent import Future

from waterspout import service


class Waits(service.JSONHandler):
    """Answers when the test says so."""

    futures = []

    @gen.coroutine
    def get(self):
        future = Future()
        self.futures.append(future)
        yield future
        self.write_json({})


class Name(service.JSONHandler):
    def get(self):
        self.write_json(self.settings["name"])


def maker(name="first", **keywords):
    del Waits.futures[:]
    return lambda: service.Application(
        [("/wait", Waits), ("/name", Name)], name=name,
        operations=service.Operations(status=lambda: {"name": name}), **keywords)


@pytest.fixture
def pages():
    """The listening socket for them."""
    sockets = service.listen(0)
    yield sockets
    for sock in sockets:
        sock.close()


def ask(port, path):
    with RawConnection(port) as connection:
        return connection.get(path)


def test_pages_are_served_there_and_nowhere_else(serve, pages):
    """The other routes are not."""
    port = service.port_of(pages)
    with serve(maker(), operations_sockets=pages) as served:
        assert ask(port, "/readyz").status == 200
        assert ask(port, "/name").status == 404
        assert ask(served.port, "/readyz").status == 404
        assert ask(served.port, "/name").json == "first"


def test_readiness_says_until_the_end_of_the_drain_that_the_service_stops(serve, pages):
    """On new connections, too, while the service's own port refuses them already."""
    port = service.port_of(pages)
    with serve(maker(), operations_sockets=pages) as served, served.connect() as connection:
        connection.send(request_bytes("GET", "/wait"))
        wait_until(lambda: Waits.futures)
        served.stop()
        wait_until(lambda: served.application.draining)
        answer = ask(port, "/readyz")
        assert (answer.status, answer.json["status"]) == (503, "draining")
        assert ask(port, "/healthz").status == 200
        served.call(lambda: Waits.futures[0].set_result(None))
        assert connection.read_answer().status == 200


def test_request_for_a_page_does_not_delay_the_end(serve, pages):
    """It is not one of those in flight that get `drain_timeout`."""
    asked = []

    def never():
        asked.append(None)
        return Future()

    def make():
        return service.Application([], operations=service.Operations(
            [service.ReadinessCheck("never", never, timeout=60)]))

    with serve(make, operations_sockets=pages) as served:
        with RawConnection(service.port_of(pages)) as probe:
            probe.send(request_bytes("GET", "/readyz"))
            wait_until(lambda: asked)
            assert served.server.in_flight == 0
            served.stop()
            assert probe.is_closed_by_peer()


def test_new_application_has_the_pages_after_a_reload(serve, pages):
    """Connections that were kept end with another answer, or are closed."""
    port = service.port_of(pages)
    with serve(maker(), operations_sockets=pages) as served, RawConnection(port) as kept:
        assert kept.get("/status").json["service"] == {"name": "first"}
        assert served.reload(maker("second"))
        assert ask(port, "/status").json["service"] == {"name": "second"}
        assert ask(served.port, "/name").json == "second"
        answer = kept.get("/readyz")
        assert answer is None or answer.headers["connection"] == "close"


def test_application_without_pages_is_refused(pages):
    """With a line that says what to write."""
    with pytest.raises(ValueError, match=r"Application\(operations=Operations\(\)\)"):
        service.serve_sockets(
            lambda: service.Application([]), service.listen(0), operations_sockets=pages)


def test_application_that_cannot_be_served_is_shut_down(serve):
    """Its certificate cannot be read, for example. The one before goes on."""
    ended = []

    def no_certificate():
        raise ValueError("the certificate is wrong")

    def make_second():
        application = maker("second", ssl_options=no_certificate)()
        application.on_shutdown(lambda: ended.append("second"))
        return application

    with serve(maker()) as served:
        assert not served.reload(make_second)
        wait_until(lambda: ended, "the shutdown callback")
        assert ask(served.port, "/name").json == "first"


@pytest.mark.parametrize("http_server", service.HTTP_SERVERS)
def test_first_application_that_cannot_be_served_is_shut_down(http_server):
    """Before the error ends the service."""
    ended = []

    def no_certificate():
        raise ValueError("the certificate is wrong")

    def make():
        application = service.Application([], ssl_options=no_certificate)
        application.on_shutdown(lambda: ended.append("it"))
        return application

    with pytest.raises(ValueError, match="the certificate is wrong"):
        service.serve(make, 0, http_server=http_server)
    assert ended == ["it"]


def status_of(port):
    return ask(port, "/status").json


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_status_shows_all_workers_and_forgets_those_that_were_replaced(
        start, tmp_path, processes):
    """While one that was replaced finishes its requests, it is said to be draining."""
    program = start(processes=processes, operations=1)
    port = int((tmp_path / "operations").read_text())

    def states():
        return sorted(worker["state"] for worker in status_of(port)["workers"])

    def pids():
        return set(worker["pid"] for worker in status_of(port)["workers"])

    wait_until(lambda: states() == ["serving"] * processes, "all workers")
    before = pids()
    with RawConnection(program.port) as connection:
        connection.send(request_bytes("GET", "/wait/go"))
        wait_until((tmp_path / "waiting-go").exists, "the request's start")
        program.signal(signal.SIGHUP)
        wait_until(lambda: "Reloaded" in program.errors, "the end of the reload")
        if processes > 1:
            wait_until(lambda: states() == ["draining"] + ["serving"] * processes, "the states")
        (tmp_path / "go").touch()
        assert connection.read_answer().status == 200
    wait_until(lambda: states() == ["serving"] * processes, "the end of those before")
    assert pids().isdisjoint(before) == (processes > 1)
    assert status_of(port)["limits"]["idle_seconds"] == 75
    program.signal(signal.SIGTERM)
    assert program.wait() == 0
