"""Logging of a program: level, format, and stderr that may be closed."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout.service._logging.json_formatter import JSONFormatter
from waterspout.service._logging.text_formatter import TextFormatter
from waterspout.service._processes.safe_logging import SafeHandler
from waterspout.service._processes.standard_streams import fill_standard_descriptors

#: The names of levels, lowest first.
LEVELS = ("debug", "info", "warning", "error")

#: The forms of a line; the first one is the default.
FORMATS = ("text", "json")


def setup_logging(level="info", format=FORMATS[0]):
    # type: (str, str) -> None
    """Log to stderr. For programs, not for libraries.

    Call it before you open files and sockets: where standard input, output or error are closed,
    it opens ``/dev/null`` in their place. A line that cannot be written is lost and raises
    nothing. Like ``logging.basicConfig``, it does nothing if the root logger has a handler.

    Args:
        level (native str): the lowest level that is logged, one of ``LOG_LEVELS``.
        format (native str): ``"text"``, or ``"json"`` for one JSON object in each line, as
            `JSONFormatter` makes it.
    Raises: ValueError: an unknown level or format.
    """
    if format not in FORMATS:
        raise ValueError("format=%r: give one of %s" % (format, ", ".join(FORMATS)))
    fill_standard_descriptors()
    root = logging.getLogger()
    if not root.handlers:
        handler = SafeHandler()
        handler.setFormatter(JSONFormatter() if format == "json" else TextFormatter())
        root.addHandler(handler)
        root.setLevel(level.upper())
