"""The sandbox CMDB as a child process of the gateway."""

from __future__ import absolute_import, division, print_function

import errno
import logging
import os
import socket
import subprocess
import sys
import time

from tornado.escape import native_str

from waterspout.service import listen

#: Seconds until the sandbox must serve. It usually takes less than one; a cold disk, a small
#: machine or a large database file can make it slower.
START_TIMEOUT = 30.0

#: Seconds between two checks whether it serves, or has ended.
POLL = 0.02

#: Seconds until it must have stopped after it was told to.
STOP_TIMEOUT = 10.0

#: Seconds to wait for its end after it was killed.
KILL_TIMEOUT = 5.0

_log = logging.getLogger("waterspout.cmdb")


class SandboxNotStarted(Exception):
    """The sandbox did not start; ``str()`` is one line for the person at the terminal."""


class EmbeddedSandbox(object):
    """Starts the sandbox CMDB, logs an unexpected end, and stops it.

    The sandbox runs in its own session, so Ctrl-C does not reach it directly: the gateway stops
    it after the last request that needs it. Its standard input is a pipe from the gateway. The
    sandbox stops when that pipe ends, that is when no process of the gateway is left, even after
    SIGKILL.

    Args:
        port (int): where it serves, on 127.0.0.1.
        db (text): the file with its data.
    """

    def __init__(self, port, db):
        self.port = port
        self.db = native_str(db)  # py2: arguments of programs are bytes
        self._process = None
        self._gone = False

    def __repr__(self):
        return "<EmbeddedSandbox port=%d db=%r>" % (self.port, self.db)

    @property
    def upstream(self):
        # type: () -> str
        return "127.0.0.1:%d" % self.port

    @property
    def command(self):
        # type: () -> List[str]
        """The command that starts it by hand."""
        return [
            sys.executable,
            "-m",
            "waterspout_cmdb.sandbox",
            "--port=%d" % self.port,
            "--db=%s" % self.db,
        ]

    def start(self):
        # type: () -> None
        """Start it and wait until it accepts connections.

        Raises: ListenError, SandboxNotStarted.
        """
        # Otherwise another program that listens on that port would be taken for the sandbox.
        for sock in listen(self.port):
            sock.close()
        self._process = subprocess.Popen(
            self.command + ["--address=127.0.0.1", "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            close_fds=True,
            preexec_fn=os.setsid,
        )
        for _ in _polls(START_TIMEOUT):
            if self._accepts():
                return
            if self._process.poll() is not None:
                raise SandboxNotStarted("it ended with exit code %d" % self._process.returncode)
        raise SandboxNotStarted("it did not serve within %g s" % START_TIMEOUT)

    def check(self):
        # type: () -> None
        """Log an error, once, if it has ended without being told to."""
        if self._process is None or self._gone or self._process.poll() is None:
            return
        self._gone = True
        _log.error(
            "The sandbox CMDB ended (exit code %d); calls are answered with 502 until you "
            "start it again: %s",
            self._process.returncode,
            " ".join(self.command),
        )

    def stop(self):
        # type: () -> None
        """Stop it, with SIGKILL if necessary, and wait for its end. A no-op if not running."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.stdin.close()
        except EnvironmentError as error:
            if error.errno != errno.EPIPE:
                raise
        if self._ended(process, STOP_TIMEOUT):
            return
        _log.warning("Killing the sandbox CMDB, which is still running")
        process.kill()
        if not self._ended(process, KILL_TIMEOUT):
            _log.error("The sandbox CMDB (%d) was killed and has not ended", process.pid)

    def _ended(self, process, seconds):
        return any(process.poll() is not None for _ in _polls(seconds))

    def _accepts(self):
        # type: () -> bool
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except (EnvironmentError, socket.timeout):
            return False
        return True


def _polls(seconds):
    # type: (float) -> Iterator[None]
    """Yield every POLL seconds. Counted, not measured: the system's clock may be set."""
    for _ in range(int(seconds / POLL)):
        yield
        time.sleep(POLL)
