"""Predecessor: the release of a service that has started this one, and waits for it to serve."""

from __future__ import absolute_import, division, print_function

import os
import stat

from waterspout._compat import TYPE_CHECKING, py2_close_on_exec
from waterspout.service._processes.safe_logging import SafeLogger

if TYPE_CHECKING:
    from typing import MutableMapping, Optional  # noqa: F401

#: The environment variable with the number of the descriptor to write to.
READY_VARIABLE = "WATERSPOUT_READY_FD"

#: What a new release writes there once all its processes serve.
READY = b"ready\n"

_log = SafeLogger("waterspout.service")


class Predecessor(object):
    """The process that has started this one to hand over its listening sockets.

    Args:
        fd (int): the write end of a pipe that it reads; this closes it.
    """

    def __init__(self, fd):
        # type: (int) -> None
        self._fd = fd  # type: Optional[int]
        py2_close_on_exec(fd)
        if hasattr(os, "set_inheritable"):
            os.set_inheritable(fd, False)

    def __repr__(self):
        return "<Predecessor fd=%r>" % self._fd

    def tell_ready(self):
        # type: () -> None
        """This release serves: the one before finishes its requests and ends."""
        if self._fd is not None:
            try:
                os.write(self._fd, READY)
            except OSError:
                pass  # It has ended meanwhile.
            self.close()

    def close(self):
        # type: () -> None
        """Say nothing any more. Idempotent."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


def find_predecessor(environ=None):
    # type: (Optional[MutableMapping[str, str]]) -> Optional[Predecessor]
    """Return the release that has started this process; None if no release has.

    The variable is removed: child processes must not take it for theirs.

    Args:
        environ (mutable mapping): default: ``os.environ``.
    """
    environ = os.environ if environ is None else environ
    text = environ.pop(READY_VARIABLE, None)
    if text is None:
        return None
    try:
        fd = int(text)
        if fd < 0 or not stat.S_ISFIFO(os.fstat(fd).st_mode):
            raise ValueError("it is not a pipe")
    except (EnvironmentError, ValueError, OverflowError) as error:
        _log.warning("Ignored %s=%r: %s", READY_VARIABLE, text, error)
        return None
    return Predecessor(fd)
