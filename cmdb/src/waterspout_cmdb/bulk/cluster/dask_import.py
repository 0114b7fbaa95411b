"""Dask, imported so that the loggers of Tornado stay as they are."""

from __future__ import absolute_import, division, print_function

import importlib
import logging

#: Dask gives them a level and a handler of its own, and takes them away from the program's.
_LOGGERS = "tornado", "tornado.application"


def import_distributed(name="distributed"):
    # type: (str) -> Any
    """Return the package, or a module of it. Raises: ImportError: it is not installed."""
    loggers = [logging.getLogger(each) for each in _LOGGERS]
    before = [(each.level, each.propagate, each.handlers[:]) for each in loggers]
    try:
        return importlib.import_module(name)
    finally:
        for logger, (level, propagate, handlers) in zip(loggers, before):
            logger.setLevel(level)
            logger.propagate, logger.handlers[:] = propagate, handlers
