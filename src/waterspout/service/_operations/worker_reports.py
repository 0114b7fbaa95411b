"""WorkerReports: a worker writes to the scoreboard how it is."""

from __future__ import absolute_import, division, print_function

import os

from tornado.ioloop import PeriodicCallback

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.service._operations.listening_addresses import listening_addresses
from waterspout.service._operations.process_memory import resident_bytes

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional  # noqa: F401

    from waterspout.service._operations.scoreboard import Scoreboard  # noqa: F401

#: Seconds between two reports.
INTERVAL = 1.0

STARTING, SERVING, DRAINING = "starting", "serving", "draining"


def report_start(board, index):
    # type: (Scoreboard, int) -> None
    """Write that this process starts, before there is an application and its server."""
    now = monotonic()
    board.write(index, {
        "pid": os.getpid(), "state": STARTING, "since": now, "started": now, "written": now})


class WorkerReports(object):
    """Writes this process's record of the scoreboard: each second, and when its state changes.

    Make it on the IOLoop that serves. Call `serving` once requests are answered, `write` when the
    application has begun to drain, and `close` at the end.

    Args:
        board (Scoreboard); index (int): of this process's record.
        application (Application): with ``operations``, it shows the board on its pages.
        server (DrainingServer): that serves it.
    Attributes:
        board (Scoreboard); server (DrainingServer).
    """

    def __init__(self, board, index, application, server):
        # type: (Scoreboard, int, Any, Any) -> None
        self.board = board
        self.server = server
        self._index = index
        self._report = WorkerReport(application, server)
        self._timer = PeriodicCallback(self.write, 1000 * INTERVAL)
        operations = getattr(application, "operations", None)
        if operations is not None:
            operations.show(self)
        self.write()
        self._timer.start()

    def __repr__(self):
        return "<WorkerReports index=%d %s>" % (self._index, self.state)

    @property
    def state(self):
        # type: () -> str
        """``"starting"``, ``"serving"`` or ``"draining"``."""
        return self._report.state

    def serving(self):
        # type: () -> None
        """Requests are answered from now on."""
        self._report.is_serving = True
        self.write()

    def leaving(self):
        # type: () -> None
        """From now on the record says "draining": what is served here ends.

        If the application is not draining, others serve in its place, and its readiness is as
        before.
        """
        self._report.is_leaving = True
        self.write()

    def write(self):
        # type: () -> None
        """Write a report now."""
        self.board.write(self._index, self._report.now())

    def close(self):
        # type: () -> None
        """Write no more, and forget the record."""
        self._timer.stop()
        self.board.clear(self._index)


class WorkerReport(object):
    """How this process is, as a mapping.

    Args:
        application (Application).
        server (DrainingServer or None): None if it is not known.
    Attributes:
        is_serving (bool): the worker has answered, or could.
        is_leaving (bool): it ends, and others may serve in its place.
    """

    def __init__(self, application, server=None, is_serving=False):
        # type: (Any, Any, bool) -> None
        self._application = application
        self._server = server
        self._started = self._since = monotonic()
        self._state = None  # type: Optional[str]  # That of the last report.
        self.is_serving = is_serving
        self.is_leaving = False

    @property
    def state(self):
        # type: () -> str
        """``"starting"``, ``"serving"`` or ``"draining"``."""
        if self._application.draining:
            return DRAINING
        return SERVING if self.is_serving else STARTING

    def now(self):
        # type: () -> Dict[str, Any]
        """Return the report. Its times are monotonic seconds.

        Returns: dict with ``pid``, ``state``, ``since`` (the beginning of that state), ``started``,
            ``written``, ``in_flight``, ``memory_bytes``, ``refused`` (how many requests, by the
            kind of refusal), ``upstreams`` (name to ``Session.stats()``), ``admission`` (what
            counts for its limits, if it has any), and if there is a server, ``connections``,
            ``requests`` (if it counts them) and ``listening`` (addresses).
        """
        state, now = DRAINING if self.is_leaving else self.state, monotonic()
        if state != self._state:
            self._since = now if self._state is not None else self._started
            self._state = state
        server = self._server
        report = {
            "pid": os.getpid(),
            "state": state,
            "since": self._since,
            "started": self._started,
            "written": now,
            "in_flight": self._application.requests_in_flight,
            "memory_bytes": resident_bytes(),
            "refused": dict(self._application.refused),
            "upstreams": dict(
                (name, _stats_of(sdk)) for name, sdk in self._application.upstreams.named()),
        }
        if self._application.admission is not None:
            report["admission"] = self._application.admission.stats()
        if server is not None:
            report["connections"] = server.open_connections
            report["in_flight"] = server.in_flight
            report["listening"] = listening_addresses(server)
            if hasattr(server, "stats"):  # Tornado's own has none.
                report["requests"] = server.stats()["requests"]
        return report


def _stats_of(sdk):
    # type: (Any) -> Dict[str, Any]
    try:
        return sdk.session.stats()
    except Exception as error:  # Of a session or a transport of the program's own.
        return {"error": type(error).__name__}
