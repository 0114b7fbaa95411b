"""JSONFormatter: each record of a log as one line of JSON."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._bounded_stores import keep
from waterspout._compat import TYPE_CHECKING
from waterspout.service._logging.json_values import cut, quoted, shown, value_as_json
from waterspout.service._logging.time_text import UTCTimes

if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple  # noqa: F401

#: Characters of a traceback: of a longer one the end, which says what happened.
MAX_TRACEBACK = 10000

#: Pairs of a level and a logger whose names are kept in JSON, at most.
_KEPT = 200

#: What each record has; other attributes come from ``extra=``.
_USUAL = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | frozenset([
    "message", "asctime", "taskName"])

#: The members that a line begins with.
_OWN = frozenset(["time", "level", "logger", "process", "message", "exception", "stack"])


class JSONFormatter(logging.Formatter):
    """Formats each record as one line of JSON, in ASCII, whatever text it holds.

    ::

        {"time":"2026-01-31T12:00:00.250Z","level":"info","logger":"waterspout.service",
         "process":4711,"message":"Serving ..."}

    (which is one line). An exception is the text of its traceback, in ``exception``. What is given
    as ``extra=`` of a call of a logger becomes a member of that name, with an underscore after it
    if it is one of the names above. For handlers of your own; `setup_logging` uses it with
    ``format="json"``.
    """

    def __init__(self):
        # type: () -> None
        super(JSONFormatter, self).__init__()
        self._times = UTCTimes()
        #: By a level's name and that of a logger: the members with them.
        self._names = {}  # type: Dict[Tuple[str, str], str]

    def format(self, record):
        # type: (logging.LogRecord) -> str
        """Return the line. It raises nothing."""
        key = record.levelname, record.name
        names = self._names.get(key) or self._names_of(key)
        head = '{"time":"%s",%s,"process":%d,' % (
            self._times.text(record.created), names, record.process or 0)
        entry = record.msg  # type: Any
        members = getattr(entry, "json_members", None)
        if members is not None and not record.args:
            return head + members() + "}"
        return head + ",".join(self._members(record)) + "}"

    def _names_of(self, key):
        # type: (Tuple[str, str]) -> str
        level, logger = key
        return keep(self._names, key, '"level":%s,"logger":%s' % (
            quoted(level.lower()), quoted(logger)), _KEPT)

    def _members(self, record):
        # type: (logging.LogRecord) -> List[str]
        try:
            message = record.getMessage()
        except Exception as error:  # The arguments do not fit.
            message = "%s %s (cannot be formatted: %s)" % (
                shown(record.msg), shown(record.args), type(error).__name__)
        members = ['"message":' + quoted(cut(message))]
        for name, value in sorted(vars(record).items()):
            if name not in _USUAL:
                members.append("%s:%s" % (
                    quoted(name + "_" if name in _OWN else name), value_as_json(value)))
        traceback = self._traceback(record)
        if traceback:
            members.append('"exception":' + quoted(traceback[-MAX_TRACEBACK:]))
        stack = getattr(record, "stack_info", None)
        if stack:
            members.append('"stack":' + quoted(cut(stack)))
        return members

    def _traceback(self, record):
        if record.exc_info and not record.exc_text:
            try:
                record.exc_text = self.formatException(record.exc_info)
            except Exception:  # The exception's own __str__ raised.
                record.exc_text = shown(record.exc_info[1])
        return record.exc_text
