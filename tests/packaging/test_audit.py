"""``make audit``: what it asks about, and that no answer is not a good one."""

from __future__ import absolute_import, division, print_function

import io
import os
import sys
import types

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

#: In the place of pip-audit: it finds nothing, something, or does not get so far.
PIP_AUDIT = u"""
import json, os, sys
arguments = dict(zip(sys.argv[1:], sys.argv[2:]))
asked = open(arguments["--requirement"]).read().split()
outcome = os.environ["OUTCOME"]
if outcome == "none":
    print("ERROR: no route to the advisory service")
    sys.exit(1)
vulns = [] if outcome == "clean" else [
    {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["6.6"]}]
found = [dict(zip(("name", "version"), each.split("==")), vulns=vulns) for each in asked]
json.dump({"dependencies": found}, open(arguments["--output"], "w"))
sys.exit(1 if vulns else 0)
"""


@pytest.fixture
def audit():
    """scripts/audit, whose name has no ending, as a module."""
    module = types.ModuleType("audit")
    with io.open(os.path.join(ROOT, "scripts", "audit"), encoding="utf-8") as file:
        exec(compile(file.read().replace("#!", "##", 1), "scripts/audit", "exec"), vars(module))
    return module


@pytest.mark.parametrize("outcome, code, said", [
    ("clean", 0, "0 known vulnerabilities in 2 packages"),
    ("known", 1, "tornado 6.5: PYSEC-1 CVE-2026-1, fixed in 6.6"),
    ("none", 2, "so nothing is known; it says: ERROR: no route to the advisory service"),
])
def test_three_outcomes_have_three_exit_codes(
        audit, tmp_path, monkeypatch, capsys, outcome, code, said):
    """Both vulnerabilities and failures are exit code 1 of pip-audit."""
    (tmp_path / "pip_audit.py").write_bytes(PIP_AUDIT.encode("ascii"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("OUTCOME", outcome)
    asked = audit.ask(sys.executable, ["tornado==6.5", "requests==2.32"], [])
    assert audit.report(*asked) == code
    assert said in capsys.readouterr()[1]


def test_every_extra_for_users_is_asked_about(audit):
    """And none that only this project's own work needs."""
    extras = audit.extras_for_users()
    assert {"threads", "curl", "brotli", "zstd", "metrics", "otel", "cassettes"} <= set(extras)
    assert not set(extras) & {"test", "dev", "docs", "release", "audit"}
    text = u""
    for folder in (ROOT, os.path.join(ROOT, "cmdb")):
        with io.open(os.path.join(folder, "setup.cfg"), encoding="utf-8") as file:
            text += file.read()
    for extra in extras + sorted(audit.FOR_DEVELOPERS):
        assert u"\n%s =\n" % extra in text
