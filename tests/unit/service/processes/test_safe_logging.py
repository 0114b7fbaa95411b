"""Logging that never raises."""

from __future__ import absolute_import, division, print_function

import io
import logging
import sys

from waterspout.service._processes.safe_logging import SafeHandler, SafeLogger


def test_logging_to_a_stream_that_was_closed_raises_nothing(monkeypatch):
    """Python's own handler raises ValueError in the code that logs."""
    stream = io.StringIO()
    stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    logger = logging.Logger("test")
    logger.addHandler(SafeHandler(stream))
    logger.error("lost")


def test_log_handler_that_raises_does_not_affect_the_code_that_logs():
    """Whichever handler the program has installed."""

    class Broken(logging.Handler):
        def emit(self, record):
            raise RuntimeError("the log server is gone")

    broken = Broken()
    logging.getLogger("waterspout.test").addHandler(broken)
    try:
        log = SafeLogger("waterspout.test")
        log.info("lost %d", 1)
        log.warning("lost")
        log.error("lost")
        log.exception("lost")
    finally:
        logging.getLogger("waterspout.test").removeHandler(broken)
