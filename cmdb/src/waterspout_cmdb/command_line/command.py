"""What the commands do in the same way: ``--help``, ``--version``, options, exit codes."""

from __future__ import absolute_import, division, print_function

import sys

from waterspout.service import ListenError, announce, setup_logging
from waterspout_cmdb._version import __version__
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.command_line.shown_config import config_as_toml

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Mapping, Sequence, Tuple, Type  # noqa: F401

    from waterspout_cmdb.command_line.option_table import OptionTable  # noqa: F401

#: Exit code for an error that the person at the terminal can correct.
USAGE = 2

#: Exit code after Ctrl-C before the command served; shells use 128 plus the signal's number.
INTERRUPTED = 130

_ACTIONS = (
    ("--check-config", "check all options and files, say what is wrong with them, and exit"),
    ("--show-config", "print all options as a config file, and where each value comes from; "
                      "secrets are left out"),
    ("--version", "print the version and exit"),
    ("--help", "print this and exit"),
)


class Command(object):
    """A command of the terminal.

    Args:
        name (native str): of the module that ``python -m`` runs; it begins each message.
        usage (callable): returns what ``--help`` prints.
        table (OptionTable): its options.
        run (callable): takes the options, ``arguments`` and ``environment``, serves, and returns
            the exit code.
        user_errors (tuple of exception classes): raised by ``run`` for what the user can correct;
            each is printed as one line.
        check (callable or None): finds what is wrong with options, as for `OptionTable.read`; it
            starts nothing.
        warnings (callable or None): ``warnings(environment)`` returns lines about variables.
        serves (bool): it has ``--show-config`` and ``--check-config``, as a program that runs for
            long has, and logs as its options say.
    """

    def __init__(self, name, usage, table, run, user_errors=(), check=None, warnings=None,
                 serves=True):
        # type: (str, Callable[[], str], OptionTable, Callable[..., int], Tuple[Type[BaseException], ...], Any, Any, bool) -> None  # noqa: E501
        self._name = name
        self._usage = usage
        self._table = table
        self._run = run
        self._user_errors = (BadOption, ListenError) + tuple(user_errors)
        self._check = check
        self._warnings = warnings
        self._actions = ("--show-config", "--check-config") if serves else ()

    def main(self, arguments, environment):
        # type: (Sequence[str], Mapping[str, str]) -> int
        """Run the command until it is stopped, and return its exit code.

        Args:
            arguments: the command line without the program's name.
            environment: ``os.environ``, or a substitute for it.
        """
        if "--help" in arguments or "-h" in arguments:
            announce(self._usage())
            return 0
        if "--version" in arguments:
            announce("%s %s" % (self._name, __version__))
            return 0
        asked = [each for each in arguments if each in self._actions]
        rest = [each for each in arguments if each not in self._actions]
        try:
            options = self._table.read(rest, environment, self._check)
            if asked:
                return self._answer(options, environment, "--show-config" in asked)
            setup_logging(options.logging, getattr(options, "log_format", "text"))
            return self._run(options, rest, environment)
        except self._user_errors as error:
            for reason in getattr(error, "reasons", None) or [str(error)]:
                announce("%s: %s" % (self._name, " ".join(reason.split())), sys.stderr)
            return USAGE
        except KeyboardInterrupt:
            return INTERRUPTED

    def _answer(self, options, environment, is_shown):
        # type: (Any, Mapping[str, str], bool) -> int
        for warning in self._warnings(environment) if self._warnings is not None else ():
            announce("%s: %s" % (self._name, warning), sys.stderr)
        if is_shown:
            announce(config_as_toml(self._table, options))
        else:
            announce("%s: the configuration is valid" % self._name)
        return 0


def usage_text(program, synopsis, description, table, closing):
    # type: (str, str, Sequence[str], OptionTable, Sequence[str]) -> str
    """Return what ``--help`` of a command that serves prints.

    Args:
        program: what a user types for the command, such as ``python -m waterspout_cmdb``.
        synopsis: what may follow it.
        description, closing: the lines before and after those of the options.
    """
    lines = ["Usage: %s %s" % (program, synopsis), ""]
    lines += list(description) + [""] + table.lines() + ["", "Instead of serving:", ""]
    for flag, text in _ACTIONS:
        lines += ["  " + flag, "        " + text]
    return "\n".join(lines + [""] + list(closing))
