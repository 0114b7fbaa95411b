"""What the commands for files of rows do in the same way."""

from __future__ import absolute_import, division, print_function

import functools
import logging

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.command_line.command import Command
from waterspout_cmdb.command_line.environment_variables import BULK_PREFIX, variable_warnings
from waterspout_cmdb.command_line.own_program import SCRIPT

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, List, Mapping, Sequence  # noqa: F401

    from waterspout_cmdb.command_line.option_table import OptionTable  # noqa: F401
    from waterspout_cmdb.command_line.values import Options  # noqa: F401

_log = logging.getLogger("waterspout.cmdb")


class BulkCommand(object):
    """A command for files of rows: ``import``, ``export``, ``search`` or ``template``.

    Args:
        name (native str): as the user types it.
        synopsis (native str): what may follow it.
        description, closing: the lines of its help before and after those of the options.
        table (OptionTable): its options.
        run (callable): ``run(options, arguments)`` does it, and returns the exit code.
        check (callable): what is wrong with options, as for `OptionTable.read`.
    """

    def __init__(self, name, synopsis, description, table, closing, run, check):
        # type: (str, str, Sequence[str], OptionTable, Sequence[str], Callable[..., int], Any) -> None  # noqa: E501
        self._name = name
        self._synopsis = synopsis
        self._description = description
        self._table = table
        self._closing = closing
        self._work = run
        self._check = check

    def usage(self, program):
        # type: (str) -> str
        """Return what ``--help`` prints; ``program`` is what the user has typed for the command."""
        lines = ["Usage: %s %s" % (program, self._synopsis), ""]
        lines += list(self._description) + [""] + self._table.lines() + [""]
        return "\n".join(lines + [line.format(program=program) for line in self._closing])

    def main(self, arguments, environment, program):
        # type: (List[str], Mapping[str, str], str) -> int
        """Run the command and return its exit code."""
        command = Command(
            "%s %s" % (SCRIPT, self._name), functools.partial(self.usage, program), self._table,
            self._run, (BulkError,), self._check, serves=False)
        return command.main(arguments, environment)

    def _run(self, options, arguments, environment):
        # type: (Options, List[str], Mapping[str, str]) -> int
        known = set(BULK_PREFIX + name for name in _VARIABLES) | set(self._table.variables())
        for line in variable_warnings(environment, BULK_PREFIX, known):
            _log.warning(line)
        return self._work(options, arguments)


#: Of other commands: a variable may be set for all of them.
_VARIABLES = ("GATEWAY", "UPSTREAM", "API_KEY", "API_KEY_FILE", "ORG", "USER", "CA", "CERT",
              "CERT_KEY", "LOGGING", "QUIET")
