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

#: Seconds the sandbox may take until it serves. It does so in well under one; a cold disk, a
#: small machine and a large database file may cost more.
START_TIMEOUT = 30.0

#: Seconds between two looks at whether it serves, or has ended.
POLL = 0.02

#: Seconds it may take to stop once told to.
STOP_TIMEOUT = 10.0

#: Seconds to wait for its end once it was killed.
KILL_TIMEOUT = 5.0

_log = logging.getLogger("waterspout.cmdb")


class SandboxError(Exception):
    """The sandbox did not start; ``str()`` is one line for the person at the terminal."""


class Sandbox(object):
    """Starts the sandbox CMDB, tells when it is gone, stops it.

    It runs in a session of its own, so that Ctrl-C reaches it by way of us, when the last
    request that needs it is answered. It ends by itself when the pipe that is its standard
    input ends: when every process of the gateway is gone, however they went.

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
        return "<Sandbox port=%d db=%r>" % (self.port, self.db)

    @property
    def upstream(self):
        # type: () -> str
        return "127.0.0.1:%d" % self.port

    @property
    def command(self):
        # type: () -> List[str]
        """What starts it by hand."""
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

        Raises: ListenError, SandboxError.
        """
        # Without this a stranger on that port would be taken for the sandbox.
        for sock in listen(self.port):
            sock.close()
        self._process = subprocess.Popen(
            self.command + ["--address=127.0.0.1", "--until-stdin-closes"],
            stdin=subprocess.PIPE,
            close_fds=True,
            preexec_fn=os.setsid,
        )
        for _ in _looks(START_TIMEOUT):
            if self._accepts():
                return
            if self._process.poll() is not None:
                raise SandboxError("it ended with exit code %d" % self._process.returncode)
        raise SandboxError("it did not serve within %g s" % START_TIMEOUT)

    def check(self):
        # type: () -> None
        """Say so, once, if it has ended without being told to."""
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
        """Stop it, by force if need be, and wait for its end. Does nothing if it does not run."""
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
        return any(process.poll() is not None for _ in _looks(seconds))

    def _accepts(self):
        # type: () -> bool
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except (EnvironmentError, socket.timeout):
            return False
        return True


def _looks(seconds):
    # type: (float) -> Iterator[None]
    """For a loop that looks again and again. It counts, since the system's clock may be set."""
    for _ in range(int(seconds / POLL)):
        yield
        time.sleep(POLL)
