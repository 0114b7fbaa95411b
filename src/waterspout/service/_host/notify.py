"""ServiceManager: tells systemd how the service is, by the protocol of sd_notify(3)."""

from __future__ import absolute_import, division, print_function

import os
import socket

from waterspout._compat import (
    TYPE_CHECKING,
    monotonic,
    py2_close_on_exec,
    to_bytes,
)
from waterspout._log_text import one_line

if TYPE_CHECKING:
    from typing import Mapping, Optional  # noqa: F401


class ServiceManager(object):
    """The process manager that has started this process, if it wants to be told.

    Each method sends one datagram to the socket that ``NOTIFY_SOCKET`` names. It never raises and
    never waits, and returns whether the datagram was sent: False if it was not asked for, if no
    process reads the socket, or if its queue is full.

    Call the methods in the process that the manager has started: by default (``NotifyAccess=main``)
    systemd ignores all others.

    Args:
        environ (mapping): default: ``os.environ``.
        pid (int): of this process; default: its own.
    Attributes:
        watchdog_interval (float seconds or None): call `alive` this often, or the manager restarts
            the service. That is half of its ``WatchdogSec=``, as sd_watchdog_enabled(3) recommends.
    """

    def __init__(self, environ=None, pid=None):
        # type: (Optional[Mapping[str, str]], Optional[int]) -> None
        environ = os.environ if environ is None else environ
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self.watchdog_interval = None  # type: Optional[float]
        if self._address is not None:
            self.watchdog_interval = _interval(environ, os.getpid() if pid is None else pid)

    def __repr__(self):
        # type: () -> str
        return "<ServiceManager %r watchdog_interval=%r>" % (self._address, self.watchdog_interval)

    def ready(self, mainpid=None):
        # type: (Optional[int]) -> bool
        """The service serves; also the end of a reload.

        Args:
            mainpid (int): the process that is the main one from now on, for a service that hands
                over to a new one.
        """
        return self._send("READY=1", *([] if mainpid is None else ["MAINPID=%d" % mainpid]))

    def reloading(self):
        # type: () -> bool
        """The service reads its configuration again; `ready` tells the end (Type=notify-reload)."""
        return self._send("RELOADING=1", "MONOTONIC_USEC=%d" % (monotonic() * 1e6))

    def stopping(self):
        # type: () -> bool
        """The service has begun to stop."""
        return self._send("STOPPING=1")

    def alive(self):
        # type: () -> bool
        """The service still works: call this every `watchdog_interval` seconds."""
        return self._send("WATCHDOG=1")

    def status(self, text):
        # type: (str) -> bool
        """Describe the state in one line, for ``systemctl status``."""
        return self._send("STATUS=" + one_line(text))

    def _send(self, *lines):
        # type: (*str) -> bool
        if self._address is None:
            return False
        try:
            # A socket for each datagram: there are few, and workers inherit none.
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                py2_close_on_exec(sock)
                sock.setblocking(False)
                sock.sendto(to_bytes("\n".join(lines)), self._address)
            finally:
                sock.close()
        except Exception:
            return False
        return True


def _address(text):
    # type: (str) -> Optional[str]
    """Return the address as Python writes it: an abstract one begins with a NUL character."""
    if text.startswith("/"):
        return text
    if text.startswith("@") and len(text) > 1:
        return "\0" + text[1:]
    return None


def _interval(environ, pid):
    # type: (Mapping[str, str], int) -> Optional[float]
    try:
        microseconds = int(environ.get("WATCHDOG_USEC", ""))
        is_for_us = int(environ.get("WATCHDOG_PID", pid)) == pid
    except ValueError:
        return None
    return microseconds / 2e6 if is_for_us and microseconds > 0 else None
