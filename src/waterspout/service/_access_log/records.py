"""Records: the log records of one logger, made in a quarter of the time that logging takes."""

from __future__ import absolute_import, division, print_function

import logging
import os
import threading
import time

from waterspout._compat import TYPE_CHECKING, raw_method

if TYPE_CHECKING:
    from typing import Any, Dict, Tuple  # noqa: F401

#: As records have it: on Python 2 `__file__` may be that of the compiled one.
_FILE = os.path.splitext(__file__)[0] + ".py"

_MAKE_RECORD = raw_method(logging.Logger, "makeRecord")


class Records(object):
    """Makes records that differ in level, message and time only.

    All else is copied from a first one: the process and the thread are the same while the process
    has not forked, and no stack has to be searched for the caller. If the program has its own class
    or function for records, that is asked for each.

    Args:
        logger (logging.Logger): whose records they are.
    """

    def __init__(self, logger):
        # type: (logging.Logger) -> None
        self._logger = logger
        self._origin = None  # type: Any  # Process and thread of the record that is copied.
        self._first = {}  # type: Dict[str, Any]

    def make(self, level, message):
        # type: (int, Any) -> logging.LogRecord
        """Return a record without arguments. It has no caller but this file."""
        origin = os.getpid(), threading.current_thread()
        if origin != self._origin or not _is_plain(self._logger):
            record = self._logger.makeRecord(
                self._logger.name, level, _FILE, 0, message, (), None, "make")
            self._origin, self._first = origin, dict(record.__dict__)
            if "taskName" in self._first:  # Of Python 3.12. Others are made in other tasks.
                self._first["taskName"] = None
            return record
        record = logging.LogRecord.__new__(logging.LogRecord)
        attributes = record.__dict__
        attributes.update(self._first)
        attributes["msg"] = message
        attributes["levelno"], attributes["levelname"] = level, logging.getLevelName(level)
        now = time.time()
        milliseconds = (now - int(now)) * 1000
        attributes["relativeCreated"] += (now - attributes["created"]) * 1000
        attributes["created"], attributes["msecs"] = now, int(milliseconds) + 0.0
        return record


def _is_plain(logger):
    # type: (logging.Logger) -> bool
    factory = getattr(logging, "getLogRecordFactory", None)  # py2 has none.
    return (factory is None or factory() is logging.LogRecord) and (
        raw_method(type(logger), "makeRecord") is _MAKE_RECORD)
