"""Lines to paste into a shell."""

from __future__ import absolute_import, division, print_function

import os
import sys

import pytest

from waterspout_cmdb.command_line.own_program import own_words, shell_line, shown_path


def test_paths_are_shown_from_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert shown_path(str(tmp_path / "a" / "b" / "c.csv")) == os.path.join("b", "c.csv")
    assert shown_path(str(tmp_path / "a" / "c.csv")) == os.path.join(".", "c.csv")
    assert shown_path(str(tmp_path / "other")) == str(tmp_path / "other")


@pytest.mark.parametrize("has_script", [True, False])
def test_the_script_beside_the_python_if_it_is_there(tmp_path, monkeypatch, has_script):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    (tmp_path / "bin").mkdir()
    if has_script:
        (tmp_path / "bin" / "waterspout-cmdb").write_bytes(b"")
        (tmp_path / "bin" / "waterspout-cmdb").chmod(0o755)
    assert own_words() == (
        ["bin/waterspout-cmdb"] if has_script else ["bin/python", "-m", "waterspout_cmdb"])


def test_the_name_alone_if_a_shell_finds_this_program_by_it(tmp_path, monkeypatch):
    """Another one of the same name, earlier in the PATH, is not this one."""
    monkeypatch.chdir(tmp_path)
    for folder in ("bin", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "waterspout-cmdb").write_bytes(b"")
        (tmp_path / folder / "waterspout-cmdb").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    mine, other = str(tmp_path / "bin"), str(tmp_path / "other")
    monkeypatch.setenv("PATH", os.pathsep.join(["", str(tmp_path / "none"), mine, other]))
    assert own_words() == ["waterspout-cmdb"]
    monkeypatch.setenv("PATH", os.pathsep.join([other, mine]))
    assert own_words() == ["bin/waterspout-cmdb"]


def test_words_are_quoted_where_a_shell_would_change_them():
    assert shell_line(["import", "my hosts.csv", "--map", "a, b=$c"]) == (
        "import 'my hosts.csv' --map 'a, b=$c'")
