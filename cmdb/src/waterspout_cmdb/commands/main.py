"""``waterspout-cmdb``: one program, whose first argument is a command."""

from __future__ import absolute_import, division, print_function

import difflib
import importlib
import os
import sys

from waterspout.service import announce
from waterspout_cmdb.command_line.command import USAGE
from waterspout_cmdb.command_line.own_program import SCRIPT

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Mapping, Optional  # noqa: F401

#: What a user types where only Python is at hand; `SCRIPT` is what an installation has besides.
MODULE = "python -m waterspout_cmdb"

#: Each command: its name, the module that has its ``main``, and its line in the help. A module is
#: imported when its command is run, so that none waits for what another one needs.
COMMANDS = (
    ("import", "waterspout_cmdb.commands.import_command",
     "rows of a file become instances: CSV, TSV, JSON, JSON Lines, Excel"),
    ("export", "waterspout_cmdb.commands.export_command",
     "instances become a file: CSV, TSV, JSON, JSON Lines, Excel"),
    ("search", "waterspout_cmdb.commands.search_command",
     "show the instances that match a query"),
    ("template", "waterspout_cmdb.commands.template_command",
     "write an empty spreadsheet with the columns of a model"),
    ("serve", "waterspout_cmdb.gateway.command",
     "the CMDB gateway; also what options without a command do"),
    ("sandbox", "waterspout_cmdb.sandbox.command",
     "a CMDB to try things with, its data in one file"),
    ("keys", "waterspout_cmdb.gateway.keys_command",
     "make an API key for clients of the gateway"),
)  # fmt: skip

_HELP = """\
Usage: {program} COMMAND [ARGUMENT]... [--name=value]...

Imports spreadsheets into the CMDB, exports them, and serves the CMDB gateway.

Commands:

{commands}

Examples:

  {program} import hosts.csv --object HOST --key name --dry-run
  {program} export HOST hosts.xlsx
  {program} serve --upstream 10.0.0.1:8079

"{program} import --help" describes import, and so for each command.
The options of serve need no command: {program} --port 8888"""


def help_text(program):
    # type: (str) -> str
    """Return what ``--help`` without a command prints: one screen."""
    lines = ["  %-10s%s" % (name, line) for name, _, line in COMMANDS]
    return _HELP.format(program=program, commands="\n".join(lines))


def main(arguments, environment=None, program=MODULE):
    # type: (List[str], Optional[Mapping[str, str]], str) -> int
    """Run the command that the arguments ask for, and return its exit code.

    Args:
        arguments: the command line without the program's name.
        environment: ``os.environ`` if None.
        program: what the user has typed for the program, for the help.
    """
    environment = os.environ if environment is None else environment
    if arguments in (["--help"], ["-h"], ["help"]):
        announce(help_text(program))
        return 0
    name, rest = "serve", list(arguments)
    typed = program
    if rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        typed = "%s %s" % (program, name)
    for each, module, _ in COMMANDS:
        if each == name:
            return importlib.import_module(module).main(rest, environment, typed)
    announce("%s: %s" % (SCRIPT, _unknown(name)), sys.stderr)
    return USAGE


def script():
    # type: () -> int
    """Run the program that an installation has; return its exit code."""
    return main(sys.argv[1:], program=SCRIPT)


def _unknown(name):
    # type: (str) -> str
    names = [each for each, _, _ in COMMANDS]
    close = difflib.get_close_matches(name.lower(), names, 1)
    guess = " (did you mean %s?)" % close[0] if close else ""
    return "there is no command %s%s; there are %s; --help describes them" % (
        name, guess, ", ".join(names))
