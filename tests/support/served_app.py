"""An application served for real, in a thread, so that a test may talk to it as it likes."""

from __future__ import absolute_import, division, print_function

import threading

from programs import wait_until
from raw_client import RawConnection
from raw_server import PATIENCE, start_thread

from waterspout import service
from waterspout.service._processes.worker import run_worker
from waterspout.service._server.servers import SERVER_CLASSES


class ServedApp(object):
    """Serves what ``make_app`` returns on a port of its own, as a worker process would.

    Args:
        http_server: one of `service.HTTP_SERVERS`.
    Attributes:
        application: what ``make_app`` returned.
        server: the HTTPServer.
        port (int): where it listens on 127.0.0.1.
    """

    def __init__(self, make_app, drain_timeout=PATIENCE, http_server=service.HTTP_SERVERS[0]):
        self.application = self.server = None
        self._server_class = SERVER_CLASSES[http_server]
        self._make_app = make_app
        self._drain_timeout = drain_timeout
        self._ready = threading.Event()
        self._sockets = service.listen(0)
        self.port = service.port_of(self._sockets)
        self._thread = start_thread(self._run)
        assert self._ready.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.stop()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the server does not stop"

    def connect(self):
        return RawConnection(self.port)

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
        self.call(self._stop)

    def call(self, callback):
        """Have its IOLoop call something."""
        try:
            self._io_loop.add_callback(callback)
        except RuntimeError:  # It has ended, and its loop is closed.
            pass

    def _run(self):
        run_worker(self._make, self._sockets, self._watch, self._ready.set, self._drain_timeout,
                   server_class=self._make_server)

    def _make(self):
        self.application = self._make_app()
        return self.application

    def _make_server(self, application):
        self.server = self._server_class(application)
        return self.server

    def _watch(self, io_loop, stop):
        self._io_loop, self._stop = io_loop, stop
