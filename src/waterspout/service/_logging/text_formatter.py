"""TextFormatter: the lines of a log as text."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING
from waterspout.service._logging.time_text import LocalTimes

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: ``2026-01-31 12:00:00,000 INFO 4711 Serving ...``; 4711 is the process id, which differs
#: between workers.
FORMAT = "%(asctime)s %(levelname)s %(process)d %(message)s"


class TextFormatter(logging.Formatter):
    """A ``logging.Formatter`` with `FORMAT` that formats the time once a second."""

    def __init__(self):
        # type: () -> None
        super(TextFormatter, self).__init__(FORMAT)
        self._times = LocalTimes()

    def format(self, record):
        # type: (logging.LogRecord) -> str
        """Return the line, with the traceback and the stack, if there are any, after it."""
        if record.exc_info or record.exc_text or getattr(record, "stack_info", None):
            return super(TextFormatter, self).format(record)
        record.message = record.getMessage()
        return "%s %s %d %s" % (
            self._times.text(record.created, record.msecs), record.levelname, record.process or 0,
            record.message)

    def formatTime(self, record, datefmt=None):  # noqa: N802
        # type: (logging.LogRecord, Any) -> str
        """Called by logging."""
        return self._times.text(record.created, record.msecs)
