"""``waterspout-cmdb`` and ``python -m waterspout_cmdb``: which command runs, and the help."""

from __future__ import absolute_import, division, print_function

import io
import os

import pytest
from programs import ROOT

from waterspout_cmdb import __main__ as program
from waterspout_cmdb.commands import main as commands

NAMES = [name for name, _, _ in commands.COMMANDS]


def test_help_is_one_screen(capsys):
    """A terminal of 24 lines and 80 columns shows all of it."""
    for arguments in (["--help"], ["-h"], ["help"]):
        assert commands.main(arguments, {}, "waterspout-cmdb") == 0
        out, err = capsys.readouterr()
        lines = out.rstrip("\n").split("\n")
        assert err == "" and len(lines) <= 24 and max(map(len, lines)) <= 80
        assert lines[0].startswith("Usage: waterspout-cmdb COMMAND")
        assert [line.split()[0] for line in lines if line.startswith("  ")][:7] == NAMES
        assert sum(line.startswith("  waterspout-cmdb ") for line in lines) == 3


def test_help_names_what_the_user_has_typed(capsys):
    assert program.main(["--help"]) == 0
    out = capsys.readouterr()[0]
    assert "Usage: python -m waterspout_cmdb COMMAND" in out
    assert "  python -m waterspout_cmdb export HOST hosts.xlsx\n" in out


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("typed", ["waterspout-cmdb", "python -m waterspout_cmdb"])
def test_each_command_describes_itself(name, typed, capsys):
    assert commands.main([name, "--help"], {}, typed) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Usage: %s %s " % (typed, name)) and err == ""
    assert max(map(len, out.split("\n"))) <= 110


def test_help_of_import_has_groups_and_defaults(capsys):
    assert commands.main(["import", "--help"], {}, "waterspout-cmdb") == 0
    lines = capsys.readouterr()[0].split("\n")
    places = [lines.index(heading + ":") for heading in (
        "What it reads", "How columns become attributes", "What it does with mistakes",
        "Where it goes", "How fast", "Files")]
    assert places == sorted(places)
    text = " ".join(" ".join(lines).split())
    for words in ("(default keep)", "(default 1000)", "(default http://127.0.0.1:8888)",
                  "--api-key-file=FILE", "Exit codes: 0 all rows are in"):
        assert words in text


@pytest.mark.parametrize("typed, guess", [
    ("imprt", " (did you mean import?)"), ("Export", " (did you mean export?)"),
    ("hosts.csv", ""),
])
def test_unknown_command_says_which_there_are(typed, guess, capsys):
    assert commands.main([typed, "--port=1"], {}) == 2
    assert capsys.readouterr() == ("", (
        "waterspout-cmdb: there is no command %s%s; there are import, export, search, template, "
        "serve, sandbox, keys; --help describes them\n" % (typed, guess)))


@pytest.mark.parametrize("arguments", [
    ["--port=1", "--check-config"], ["--check-config"], ["serve", "--port=1", "--check-config"]])
def test_options_alone_are_those_of_serve(arguments, capsys):
    assert commands.main(arguments, {}) == 0
    assert capsys.readouterr()[0] == "waterspout_cmdb: the configuration is valid\n"


def test_variables_of_import_are_no_mistake_of_the_gateway(capsys):
    """A machine may have them set for all commands."""
    assert commands.main(["--check-config"], {"WATERSPOUT_BULK_GATEWAY": "http://a"}) == 0
    assert capsys.readouterr()[1] == ""


def test_sandbox_checks_its_own_options(capsys):
    assert commands.main(["sandbox", "--check-config"], {}) == 2
    assert "--db=FILE is needed" in capsys.readouterr()[1]


def test_the_installation_has_the_script():
    """Its entry point is there, and is named as the help names it."""
    with io.open(os.path.join(ROOT, "cmdb", "setup.cfg"), encoding="utf-8") as file:
        assert "waterspout-cmdb = waterspout_cmdb.commands.main:script\n" in file.read()
    assert callable(commands.script)
