"""Commit hooks: what .pre-commit-config.yaml runs, and the check of a commit's subject."""

from __future__ import absolute_import, division, print_function

import io
import os
import re
import subprocess
import sys

import pytest
from programs import ROOT

SCRIPTS = os.path.join(ROOT, "scripts")


def read(*names):
    with io.open(os.path.join(ROOT, *names), encoding="utf-8") as file:
        return file.read()


def test_hooks_are_commands_of_this_project():
    """Nothing is cloned from elsewhere; each hook is a target of make or a script that is there."""
    config = read(".pre-commit-config.yaml")
    assert re.findall(r"repo: (\S+)", config) == ["local"]
    entries = re.findall(r"entry: (.+)", config)
    assert len(entries) == config.count("- id:")
    for entry in entries:
        command, _, rest = entry.partition(" ")
        if command == "make":
            assert re.search("^%s:" % rest.split()[0], read("Makefile"), re.MULTILINE), entry
        else:
            assert os.access(os.path.join(ROOT, command), os.X_OK), entry


def test_the_linter_reads_scripts_without_an_ending():
    """Each is named in pyproject.toml, since the linter looks for ``.py``."""
    names = [name for name in os.listdir(SCRIPTS) if "." not in name and name[0] != "_"]
    listed = read("pyproject.toml")
    assert [name for name in sorted(names) if '"scripts/%s"' % name not in listed] == []


@pytest.mark.parametrize(
    "message, complaint",
    [
        (u"wire: Report why a connection cannot be reused\n\nBecause.\n", None),
        (u"x" * 72, None),
        (u"x" * 73, "the subject has 73 characters; the most is 72"),
        (u"\u4e2d" * 72, None),
        (u"Subject\nand no empty line\n", "the line below the subject is not empty"),
        (u"Subject.\n", "the subject ends with a full stop"),
        (u"# only comments\n\n", "the message is empty"),
        (u"\n# a comment\nSubject\n# another\n\nBody\n", None),
        (u"Subject\n# ------------------------ >8 ------------------------\ndiff\n", None),
    ],
    ids=["body", "72", "73", "72 wide", "no gap", "full stop", "empty", "comments", "verbose"],
)
def test_subject_of_a_commit(tmp_path, message, complaint):
    """A subject has at most 72 characters, no full stop, and an empty line below it."""
    path = tmp_path / "COMMIT_EDITMSG"
    path.write_bytes(message.encode("utf-8"))
    process = subprocess.Popen(
        [sys.executable, os.path.join(SCRIPTS, "check-subject"), str(path)], stderr=subprocess.PIPE)
    said = process.communicate()[1].decode().strip()
    assert (process.returncode, said) == ((0, "") if complaint is None else (1, complaint))
