"""Long runs, for ``make test-full`` only: what a process holds stays the same."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
CALLS = 100000
MIB = 1024 * 1024

pytestmark = pytest.mark.timeout(900)


def output_of(script, *arguments):
    """What the program of this folder prints."""
    path = os.pathsep.join(each for each in sys.path if each)
    command = [sys.executable, os.path.join(HERE, script)] + list(arguments)
    return subprocess.check_output(command, env=dict(os.environ, PYTHONPATH=path)).decode()


def test_many_calls_leave_nothing_behind():
    """Of 100,000 calls of all kinds no memory, descriptor or object remains."""
    rounds = [line.split() for line in output_of("net_soak.py", str(CALLS)).splitlines()]
    rounds = [list(map(int, row)) for row in rounds if len(row) == 5 and row[0].isdigit()]
    assert rounds[-1][0] == CALLS
    _, kib, descriptors, objects, _ = zip(*rounds)
    # The first rounds fill Python's own caches.
    assert max(kib[3:]) < kib[2] * 1.05 + 2048
    assert max(descriptors) < 2 * 50 + 30  # Both ends of the pool's 50 connections are here.
    assert max(objects[3:]) < max(objects[:3]) * 1.05


@pytest.mark.parametrize("keyword", ["files", "data"])
def test_an_upload_of_a_gibibyte_is_never_in_memory(transport, keyword):
    """It costs less than 4 MiB."""
    assert int(output_of("upload_memory.py", transport, keyword, str(1024 * MIB))) < 4 * MIB
