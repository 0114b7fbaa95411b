"""``waterspout-cmdb export`` and ``search`` with a gateway: what import reads, and pipes."""

from __future__ import absolute_import, division, print_function

import io
import json
import os
import subprocess
import sys

import pytest
from programs import SOURCES

pytestmark = pytest.mark.slow

PROGRAM = ["-m", "waterspout_cmdb"]


def test_what_is_exported_can_be_imported(run):
    (run.folder / "a.csv").write_bytes(
        u"name,cpu,owner,tags\ne-1,4,=SUM(A1),\"x,y\"\ne-2,,007,\n".encode("ascii"))
    assert run("import", "a.csv", "--object=HOST", "--key=name")[0] == 0
    query = {"name": {"$like": "e-%"}}
    before = run.found(query)
    for name in ("b.csv", "c.jsonl"):
        code, out, err = run("export", "HOST", name, "--query", json.dumps(query))
        assert (code, out) == (0, ""), err
        assert "2 instances of HOST in " + name in err
        code, out, err = run("import", name, "--object=HOST", "--key=name", "--dry-run")
        assert code == 0 and "unchanged            2\n" in out, (name, out, err)
    assert before == run.found(query)


@pytest.mark.parametrize("arguments", [
    ["search", "HOST", "--limit=100000"], ["export", "HOST", "--format=csv"]])
def test_reader_that_leaves_early_is_no_error(gateway, run, arguments):
    """As `| head -1` does."""
    with io.open(str(run.folder / "many.csv"), "w", encoding="ascii") as file:
        file.write(u"name,owner\n")
        file.write(u"".join(u"many-%d,%s\n" % (n, u"x" * 500) for n in range(1000)))
    assert run("import", "many.csv", "--object=HOST", "--key=name")[0] == 0
    environment = dict(os.environ, PYTHONPATH=SOURCES)
    process = subprocess.Popen(
        [sys.executable] + PROGRAM + arguments + ["--gateway=" + gateway.url],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=str(run.folder))
    assert process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), errors) == (0, b"")
