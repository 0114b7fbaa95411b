"""An application served for real, in a thread, so that a test may talk to it as it likes."""

from __future__ import absolute_import, division, print_function

import threading

from programs import wait_until
from raw_client import RawConnection, request_bytes
from raw_server import PATIENCE, start_thread

from waterspout import service
from waterspout.service._processes.service_plan import ServicePlan
from waterspout.service._processes.worker import run_worker


class ServedApp(object):
    """Serves what ``make_app`` returns on a port of its own, as a worker process would.

    Args:
        http_server: one of `service.HTTP_SERVERS`.
        path: of a unix socket to listen on, in place of a port.
        reuse_port: whether others may listen on the port as well.
        options: others of `ServicePlan`.
    Attributes:
        application: what ``make_app`` returned last.
        server: its HTTPServer.
        worker: the `Worker`, for `call`.
        port (int): where it listens on 127.0.0.1; or ``path``.
    """

    def __init__(self, make_app, drain_timeout=PATIENCE, http_server=service.HTTP_SERVERS[0],
                 path=None, reuse_port=False, **options):
        self.application = self.server = self.worker = None
        self._ready = threading.Event()
        sockets = service.listen(0 if path is None else "unix:" + path, reuse_port=reuse_port)
        self._plan = ServicePlan(
            service.Application, make_app, sockets, drain_timeout=drain_timeout,
            http_server=http_server, **options)
        self.port = service.port_of(sockets) if path is None else path
        self._thread = start_thread(self._run)
        assert self._ready.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the server does not stop"

    def connect(self, tls=None):
        return RawConnection(self.port, tls)

    def wait_until_clients_left(self):
        """Until it has noticed that those who wait for an answer have closed their connections."""
        wait_until(
            lambda: all(
                request.connection.stream.closed()
                for request in list(self.application._in_flight)
            ),
            "the end of the connections",
        )

    def stop(self):
        """Tell it to stop, without waiting for the end."""
        self.call(self.worker.stop)

    def call(self, callback):
        """Have its IOLoop call something."""
        try:
            self._io_loop.add_callback(callback)
        except RuntimeError:  # It has ended, and its loop is closed.
            pass

    def reload(self, make_app):
        """Serve another application; return whether that began."""
        outcomes = []
        self.call(lambda: outcomes.append(self.worker.reload(self._noting(make_app))))
        wait_until(lambda: outcomes, "the reload")
        return outcomes[0]

    def statuses_of_waiting_connections(self, count):
        """Stop it while so many connections wait in its listen queue; the status of each answer.

        The IOLoop is held meanwhile, so that it cannot accept them before.
        """
        busy, go_on = threading.Event(), threading.Event()

        def hold_the_loop():
            busy.set()
            go_on.wait(PATIENCE)
            self.server.stop()  # Before the IOLoop looks at the listening socket again.

        self.call(hold_the_loop)
        assert busy.wait(PATIENCE)
        connections = [self.connect() for _ in range(count)]
        try:
            for connection in connections:
                connection.send(request_bytes("GET", "/"))
            self.stop()
            go_on.set()
            return [connection.read_answer().status for connection in connections]
        finally:
            for connection in connections:
                connection.socket.close()

    def _run(self):
        self._server_class, self._plan.server_class = self._plan.server_class, self._make_server
        run_worker(
            self._plan, self._noting(self._plan.make_app), self._watch, self._ready.set)

    def _noting(self, make_app):
        def make():
            self.application = make_app()
            return self.application

        return make

    def _make_server(self, application, **options):
        server = self._server_class(application, **options)
        if application is self.application:  # And not the one with pages for operators.
            self.server = server
        return server

    def _watch(self, io_loop, worker):
        self._io_loop, self.worker = io_loop, worker
