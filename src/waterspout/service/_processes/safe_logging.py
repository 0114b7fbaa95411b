"""A log handler and a logger that never raise, for code that must go on."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


class SafeHandler(logging.StreamHandler):
    """A StreamHandler that raises nothing.

    Python's own one raises ValueError in the code that logs once ``sys.stderr`` was closed.
    """

    def handleError(self, record):  # noqa: N802
        """Called by logging when a record could not be written: drop it."""
        try:
            super(SafeHandler, self).handleError(record)
        except Exception:
            pass


class SafeLogger(object):
    """A logger that raises nothing, whatever the handlers of the program raise.

    Args:
        name (native str): of the logger.
    """

    def __init__(self, name):
        # type: (str) -> None
        self._logger = logging.getLogger(name)

    def info(self, message, *args):
        # type: (str, *Any) -> None
        """Log at level INFO."""
        self._log(logging.INFO, message, args)

    def warning(self, message, *args):
        # type: (str, *Any) -> None
        """Log at level WARNING."""
        self._log(logging.WARNING, message, args)

    def error(self, message, *args):
        # type: (str, *Any) -> None
        """Log at level ERROR."""
        self._log(logging.ERROR, message, args)

    def exception(self, message, *args):
        # type: (str, *Any) -> None
        """Log at level ERROR, with the traceback of the exception that is being handled."""
        self._log(logging.ERROR, message, args, exc_info=True)

    def _log(self, level, message, args, **kwargs):
        try:
            self._logger.log(level, message, *args, **kwargs)
        except Exception:
            pass
