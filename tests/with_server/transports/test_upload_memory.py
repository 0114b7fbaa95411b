"""A large upload is never whole in memory."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

import pytest
from programs import ROOT

pytestmark = pytest.mark.slow

SCRIPT = os.path.join(ROOT, "tests", "soak", "upload_memory.py")
MIB = 1024 * 1024


@pytest.mark.parametrize("keyword", ["files", "data"])
def test_an_upload_grows_by_less_than_its_size(transport, keyword):
    """256 MiB cost less than 64: in a process of its own, which nothing else makes grow."""
    path = os.pathsep.join(each for each in sys.path if each)
    grown = subprocess.check_output(
        [sys.executable, SCRIPT, transport, keyword, str(256 * MIB)],
        env=dict(os.environ, PYTHONPATH=path))
    assert int(grown) < 64 * MIB
