"""Unix signals: which a service catches, and what it does then."""

from __future__ import absolute_import, division, print_function

import os
import signal

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.pipe import Pipe

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Set  # noqa: F401

    from tornado.ioloop import IOLoop  # noqa: F401

#: The signals that stop a service: from a process manager, and Ctrl-C.
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

#: Tells a worker that it is replaced: it ends, without the grace period of a stop.
LEAVE = signal.SIGUSR1

#: Reloads, and starts a new release.
RELOAD, RELEASE = signal.SIGHUP, signal.SIGUSR2


class Signals(object):
    """Catches the signals of the process that runs a service.

    Each signal makes ``read_fd`` readable, for the loop of that process. SIGHUP stays ignored if
    nohup has disabled it. Create this in the main thread; `restore` reinstalls the program's own
    signal handlers.

    Args:
        on_stop (callable): called by the signal handler itself, between any two bytecodes of the
            main thread, with the number of stop signals so far. Do in it only what cannot wait
            for the loop.
        releases (bool): SIGUSR2 is used, even if the program has a handler for it.
    Attributes:
        stop_requests (int): how many of ``STOP_SIGNALS`` arrived.
        stops_once (bool): those after the first one count for nothing.
        read_fd (int): readable after any signal, until `take` is called.
    """

    def __init__(self, on_stop, releases=False):
        # type: (Callable[[int], None], bool) -> None
        self.stop_requests = 0
        self.stops_once = False
        # Only counted up: a signal may come at any time.
        self._counts = {RELOAD: 0, RELEASE: 0}
        self._taken = dict(self._counts)
        self._on_stop = on_stop
        self._pid = os.getpid()
        self._pipe = Pipe()
        self.read_fd = self._pipe.read_fd
        self._before = {}  # type: Dict[int, Any]
        for signum in STOP_SIGNALS:
            self._catch(signum, self._stop)
        self._catch(signal.SIGCHLD, self._wake)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            self._catch(signal.SIGHUP, self._count)
        if releases or signal.getsignal(RELEASE) == signal.SIG_DFL:  # It would end the process.
            self._catch(RELEASE, self._count)
        self._fd_before = signal.set_wakeup_fd(self._pipe.write_fd)

    def take(self):
        # type: () -> Set[int]
        """Make ``read_fd`` unreadable again; return which of RELOAD and RELEASE came since."""
        self._pipe.read_available()
        before, self._taken = self._taken, dict(self._counts)
        return set(signum for signum in before if self._taken[signum] != before[signum])

    def default_stop(self):
        # type: () -> None
        """From now on the system ends the process at a stop signal, without Python.

        On Python 2 a thread that waits for a lock runs no signal handler.
        """
        for signum in STOP_SIGNALS:
            signal.signal(signum, signal.SIG_DFL)

    def restore(self):
        # type: () -> None
        """Reinstall the signal handlers from before."""
        signal.set_wakeup_fd(self._fd_before)
        for signum, handler in self._before.items():
            signal.signal(signum, handler)
        self._pipe.close()

    def forget(self):
        # type: () -> None
        """In a forked worker: remove the parent's handlers.

        Ctrl-C and a closed terminal signal every process of the group. Workers ignore these
        signals; the parent stops them.
        """
        signal.set_wakeup_fd(-1)
        for signum in (signal.SIGTERM, signal.SIGCHLD, LEAVE):
            signal.signal(signum, signal.SIG_DFL)
        for signum in (signal.SIGINT, RELOAD, RELEASE):
            signal.signal(signum, signal.SIG_IGN)
        self._pipe.close()

    def _catch(self, signum, handler):
        self._before[signum] = signal.signal(signum, handler) or signal.SIG_DFL

    def _stop(self, signum, frame):
        if os.getpid() == self._pid:  # And not a worker that has just been forked.
            if not (self.stop_requests and self.stops_once):
                self.stop_requests += 1
                self._on_stop(self.stop_requests)
        self._wake(signum, frame)

    def _count(self, signum, frame):
        self._counts[signum] += 1
        self._wake(signum, frame)

    def _wake(self, signum, frame):
        # The wakeup fd does this, too, unless the program has replaced it.
        try:
            os.write(self._pipe.write_fd, b"s")
        except (OSError, TypeError):  # Full, or closed meanwhile.
            pass


def add_signal_handler(io_loop, signum, callback):
    # type: (IOLoop, int, Callable[[], None]) -> None
    """Call ``callback()`` on ``io_loop`` whenever the signal arrives.

    Call this in the main thread. A later call for the same signal replaces the callback.
    """
    if hasattr(io_loop, "asyncio_loop"):
        io_loop.asyncio_loop.add_signal_handler(signum, callback)
    else:  # py2: Tornado 5's own loop, whose wakeup fd makes this safe.
        signal.signal(signum, lambda signum, frame: io_loop.add_callback_from_signal(callback))
