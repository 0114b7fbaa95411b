"""What both commands do in the same way: ``--help``, ``--version``, options, exit codes."""

from __future__ import absolute_import, division, print_function

import sys

from waterspout.service import ListenError, announce, setup_logging
from waterspout_cmdb._version import __version__
from waterspout_cmdb.command_line.option_table import BadOption

#: Exit code for an error that the person at the terminal can correct.
USAGE = 2

#: Exit code after Ctrl-C before the command served; shells use 128 plus the signal's number.
INTERRUPTED = 130


def run_command(name, usage, read_options, run, user_errors, arguments, environment):
    # type: (...) -> int
    """Run a command until it is stopped, and return its exit code.

    Args:
        name (native str): of the module that ``python -m`` runs; it begins each message.
        usage (callable): returns what ``--help`` prints.
        read_options (callable): takes ``arguments`` and ``environment``, returns an OptionParser.
        run (callable): takes the options and ``environment``, serves, and returns the exit code.
        user_errors (tuple of exception classes): raised by ``run`` for what the user can correct;
            each is printed as one line.
        arguments (list of native str): the command line without the program's name.
        environment (mapping): ``os.environ``, or a substitute for it.
    """
    if "--help" in arguments or "-h" in arguments:
        announce(usage())
        return 0
    if "--version" in arguments:
        announce("%s %s" % (name, __version__))
        return 0
    try:
        options = read_options(arguments, environment)
        setup_logging(options.logging)
        return run(options, environment)
    except (BadOption, ListenError) + user_errors as error:
        announce("%s: %s" % (name, " ".join(str(error).split())), sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def usage_text(synopsis, description, table, closing):
    # type: (str, Sequence[str], OptionTable, Sequence[str]) -> str
    """Return what ``--help`` prints.

    Args:
        synopsis: what a user types after ``python -m``.
        description, closing: the lines before and after those of the options.
    """
    lines = ["Usage: python -m " + synopsis, ""]
    lines += list(description) + [""] + table.lines()
    lines += ["  --version", "        print the version and exit", ""]
    return "\n".join(lines + list(closing))
