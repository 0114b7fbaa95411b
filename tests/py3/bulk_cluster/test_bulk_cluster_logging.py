"""Dask, and the loggers of the program that imports it."""

from __future__ import absolute_import, division, print_function

import subprocess
import sys

from dask_needed import need_dask

need_dask()

PROGRAM = """
import logging

from waterspout_cmdb.bulk.cluster.dask_import import import_distributed

def state():
    found = []
    for name in ("tornado", "tornado.application", "tornado.access", "waterspout"):
        logger = logging.getLogger(name)
        found.append((name, logger.level, logger.propagate, logger.handlers))
    return found

logging.getLogger("tornado").setLevel("DEBUG")
before = state()
import_distributed()
assert state() == before, state()
"""


def test_tornados_loggers_stay_as_they_were():
    """By itself Dask silences them, and takes them away from the program's handlers."""
    subprocess.check_call([sys.executable, "-c", PROGRAM])
