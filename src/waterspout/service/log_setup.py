"""Log lines worth reading: time, level, process, what happened."""

from __future__ import absolute_import, division, print_function

import logging
import re

from tornado.escape import native_str, to_unicode
from tornado.util import unicode_type

from waterspout.service._processes.standard_streams import SteadyHandler, fill_standard_descriptors

#: ``2026-01-31 12:00:00,000 INFO 4711 Serving ...``; the process id tells the workers apart.
FORMAT = "%(asctime)s %(levelname)s %(process)d %(message)s"

LEVELS = ("debug", "info", "warning", "error")


def setup_logging(level="info"):
    # type: (str) -> None
    """Log to stderr from ``level`` (one of ``LEVELS``) up. For programs, not for libraries.

    Call it before files and sockets are opened: where standard input, output or error were
    closed, ``/dev/null`` takes their place. A line that cannot be written is lost, and nothing
    is raised. As ``logging.basicConfig``, it does nothing if the root logger has a handler.
    """
    fill_standard_descriptors()
    root = logging.getLogger()
    if not root.handlers:
        handler = SteadyHandler()
        handler.setFormatter(logging.Formatter(FORMAT))
        root.addHandler(handler)
        root.setLevel(level.upper())


def one_line(what, max_characters=1000):
    # type: (Any, int) -> str
    """What others have said, such as the text of an exception, made fit for a line of a log: no
    controls, no line breaks, not too long."""
    try:
        text = to_unicode(what if isinstance(what, (bytes, unicode_type)) else str(what))
    except UnicodeError:
        text = to_unicode(repr(what))
    text = re.sub(u"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", u" ", text)
    return native_str(text if len(text) <= max_characters else text[:max_characters] + u"...")
