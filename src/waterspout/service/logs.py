"""Log lines worth reading: time, level, process, what happened."""

from __future__ import absolute_import, division, print_function

import logging

#: ``2026-01-31 12:00:00,000 INFO 4711 Serving ...``; the process id tells the workers apart.
FORMAT = "%(asctime)s %(levelname)s %(process)d %(message)s"

LEVELS = ("debug", "info", "warning", "error")


def setup_logging(level="info"):
    # type: (str) -> None
    """Log to stderr from ``level`` (one of ``LEVELS``) up. For programs, not for libraries."""
    logging.basicConfig(format=FORMAT, level=getattr(logging, level.upper()))
