"""The soak of a gateway, see benchmarks/soak: nothing is lost, and it notices if something is."""

from __future__ import absolute_import, division, print_function

import os
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.version_info < (3, 8), reason="its load needs Python 3.8"),
]


@pytest.mark.parametrize("options, code, line", [
    ([], 0, "direct: 0 of"),
    (["--without-drain"], 1, "FAIL  direct:"),
], ids=["as it is", "without drain"])
def test_a_soak_fails_only_without_the_drain(options, code, line):
    """Workers are replaced and killed, the CMDB is restarted, a new release takes over."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.soak", "--quick"] + options, cwd=ROOT,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(each for each in sys.path if each)),
        stdout=subprocess.PIPE)
    output = process.communicate()[0].decode("utf-8")
    assert (process.returncode, line in output) == (code, True), output
