"""One case of the benchmark of servers, as small as it can be."""

from __future__ import absolute_import, division, print_function

import os
import sys

import pytest

from benchmarks import servers
from benchmarks.servers import cases, load, measure

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="what a process used is read from /proc")


def run(name, case):
    wrk = load.find()
    if wrk is None:
        pytest.skip("wrk is not installed")
    return measure.measure(
        servers.named(name), cases.named(case), "http://127.0.0.1:9", wrk, 1, dict(os.environ))


def test_a_run_counts_requests_cpu_and_memory():
    found = run("tornado", "json-64")
    assert found["calls"] > 64
    assert 10 < found["cpu_us_per_call"] < 10 ** 6
    assert 5 < found["peak_mib"] < 500
