"""Fixtures of the tests on a Dask cluster."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from dask_processes import DaskProcesses

_LOGGERS = "distributed", "waterspout_cmdb"


@pytest.fixture(autouse=True)
def no_dask_logs():
    """What is lost on purpose is not told."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    yield
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def cluster():
    """For tests that leave it as it was."""
    with DaskProcesses() as cluster:
        yield cluster
