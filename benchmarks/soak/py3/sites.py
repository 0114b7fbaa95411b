"""What is under load: the gateway and its CMDB, with proxies in front; or the peer."""

from __future__ import absolute_import, division, print_function

import os
import signal

from benchmarks import upstream
from benchmarks.soak import proc_table, programs, proxies
from benchmarks.soak.py3.clients import Lane

WORKERS = 2

#: Of the drain, in seconds; ``proxies`` has configurations that fit.
DRAIN_GRACE, DRAIN_TIMEOUT = 3, 30

_CROWD = {"kept": 8, "new": 4, "large": 4, "slow": 4, "slow-large": 3, "idle": 8}
_PROXIED = {"kept": 4, "new": 2, "large": 1, "slow": 2, "slow-large": 1, "idle": 3}


class Site:
    """
    Attributes:
        python (str): the interpreter under test.
        cmdb (Program): is restarted by events.
        main (Program): the server with several workers, whose parent gets the signals.
        instances (list of Program): those behind the proxies.
        lanes (list of Lane): the ways to them.
        roll (signal): replaces the workers of ``main`` one by one.
    """

    roll = signal.SIGHUP

    def __init__(self, python, folder):
        self.python = python
        self.folder = folder
        self.cmdb = programs.sandbox(python, upstream.free_port(), folder)
        self.main = None
        self.instances = []
        self.lanes = []
        self._others = []

    def start(self):
        """Raises DidNotStart."""
        for program in [self.cmdb, self.main] + self.instances + self._others:
            program.start()

    def end(self):
        for program in [self.cmdb, self.main] + self.instances + self._others:
            program.end()

    def workers(self):
        """The processes that serve the requests of ``main``."""
        return proc_table.children(self.main.pid)

    def serving(self):
        """All processes under test that serve requests."""
        return self.workers() | {one.pid for one in self.instances if one.poll() is None}


class Gateway(Site):
    """One gateway of several workers, and two of one process behind nginx and HAProxy."""

    def __init__(self, python, folder, drains, names):
        """
        Args:
            drains: False gives requests in flight no time, so that they are cut off.
            names: of the lanes that are wanted.
        """
        super().__init__(python, folder)
        self._drains = drains
        self.pidfile = os.path.join(folder, "gateway.pid")
        self.main = self._gateway(
            "gateway", 0, "--processes=%d" % WORKERS, "--pidfile=" + self.pidfile)
        if "direct" in names:
            self.lanes.append(Lane("direct", ("127.0.0.1", self.main.port), _CROWD))
        proxied = [name for name in proxies.NAMES if name in names]
        if proxied:
            checks = [upstream.free_port(), upstream.free_port()]
            self.instances = [
                self._gateway("instance-%d" % (number + 1), DRAIN_GRACE,
                              "--operations-port=%d" % port)
                for number, port in enumerate(checks)]
            for name in proxied:
                proxy = proxies.proxy(
                    name, upstream.free_port(), [one.port for one in self.instances], checks,
                    folder)
                self._others.append(proxy)
                self.lanes.append(Lane(name, ("127.0.0.1", proxy.port), _PROXIED))

    def _gateway(self, name, grace, *options):
        timeouts = (grace, DRAIN_TIMEOUT) if self._drains else (0, 0)
        return programs.gateway(
            name, self.python, upstream.free_port(), self.cmdb.port, self.folder,
            ["--drain-grace=%g" % timeouts[0], "--drain-timeout=%g" % timeouts[1]]
            + list(options))


class Peer(Site):
    """gunicorn with uvicorn's workers, and the gateway's two calls in Starlette and aiohttp."""

    def __init__(self, python, folder, peer_python, peers):
        """``peers`` are folders with its packages, and ``peer_python`` is what they are for."""
        super().__init__(python, folder)
        port = upstream.free_port()
        self.main = programs.Program("gunicorn", [
            peer_python, "-m", "gunicorn", "--workers=%d" % WORKERS, "--bind=127.0.0.1:%d" % port,
            "--worker-class=uvicorn_worker.UvicornWorker",
            "--graceful-timeout=%d" % DRAIN_TIMEOUT, "benchmarks.soak.py3.starlette_app:app",
        ], port, folder, {
            "PYTHONPATH": os.pathsep.join(peers),
            "UPSTREAM": "http://127.0.0.1:%d" % self.cmdb.port,
        })
        self.lanes = [Lane("direct", ("127.0.0.1", port), _CROWD)]
