"""Keeps Tornado from logging that several calls of one coroutine were given up."""

from __future__ import absolute_import, division, print_function

import logging

from tornado.log import app_log

from waterspout.service.exceptions import CallCancelled

#: What Tornado logs, with a traceback, for each error but the first one in a ``yield`` of a list.
_MESSAGE = "Multiple exceptions in yield list"


class _NotGivenUp(logging.Filter):
    def filter(self, record):
        # type: (logging.LogRecord) -> bool
        error = record.exc_info and record.exc_info[0]
        return not (record.msg == _MESSAGE and error and issubclass(error, CallCancelled))


_filter = _NotGivenUp()


def expect_given_up_calls():
    # type: () -> None
    """From now on, leave out of the log that several calls were given up. Idempotent."""
    app_log.addFilter(_filter)
