"""The options of a command: one place reads, checks and describes them.

A flag (``--port=8888`` or ``--port 8888``) wins over the environment (``WATERSPOUT_PORT=8888``),
the environment over a config file (``port = 8888``), the file over the default.
"""

from __future__ import absolute_import, division, print_function

import re
import textwrap

from waterspout_cmdb.command_line import sources
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.command_line.sources import (
    DEFAULT,
    OF_FILE,
    from_environment,
    from_file,
    from_flags,
    from_program,
    joined,
    names_of,
)
from waterspout_cmdb.command_line.values import Options

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import (  # noqa: F401
        Any,
        Callable,
        Dict,
        Iterable,
        List,
        Mapping,
        Optional,
        Set,
        Tuple,
    )

    from waterspout_cmdb.command_line.option import Option, OptionGroup  # noqa: F401
    from waterspout_cmdb.command_line.sources import Setting  # noqa: F401

    Check = Optional[Callable[[Options], Iterable[str]]]

#: Words that may be names of options.
_WORD = re.compile("[a-z_]+")

#: Columns of a line of help, beside its indentation.
_HELP_WIDTH = 90


class OptionTable(object):
    """The options of one command.

    Args:
        groups (iterable of OptionGroup): an option named ``config`` names the config file.
        prefix (native str): with which the names of its environment variables begin.
        positionals (iterable of Option): what the command line has without flags, in this order;
            only the command line can give it. One that is not given has its default.
        needed (int): of them, so many have to be given.
    """

    def __init__(self, groups, prefix, positionals=(), needed=0):
        # type: (Iterable[OptionGroup], str, Iterable[Option], int) -> None
        self.groups = tuple(groups)
        self.options = tuple(each for group in self.groups for each in group.options)
        self.positionals = tuple(positionals)
        self._needed = self.positionals[:needed]
        self._prefix = prefix
        self._names = names_of(self.options)

    def read(self, arguments, environment, check=None):
        # type: (List[str], Mapping[str, str], Check) -> Options
        """Return the options as attributes, e.g. ``.port``.

        Everything is read and checked before an error is raised, so that it has all reasons.

        Args:
            arguments: the command line without the program's name.
            environment: ``os.environ``, or a substitute. An empty value means "not set".
            check (callable or None): ``check(options)`` returns what is wrong with values together,
                or with what they name, such as files: reasons of a BadOption. It is called with
                defaults in place of values that are wrong themselves.
        Raises: BadOption: an unknown option, a value that is not allowed, or values that do not
            go together; each reason names the flag, the variable, or the file with its name there.
        """
        flags, complaints = from_flags(
            arguments, self._names, self._prefix, self.positionals)
        if not complaints:  # Otherwise an unknown flag may have taken it for its value.
            given = [each.option for each in flags]
            complaints = ["%s is missing: %s" % (each.metavar, each.help)
                          for each in self._needed if each not in given]
        variables, more = from_environment(environment, self.variables(), self._names)
        return self._options([variables, flags], more + complaints, check)

    def read_again(self, arguments, environment, running, check=None):
        # type: (List[str], Mapping[str, str], Options, Check) -> Tuple[Options, List[str]]
        """Read everything again, for a command that runs; return the options, and warnings.

        An option that cannot change while the command runs keeps its value, and a warning names it.

        Args:
            arguments, environment, check: as for `read`.
            running: the options that the command runs with.
        Raises: BadOption: as for `read`.
        """
        options, warnings = self.read(arguments, environment, check), []
        for each in self.options:
            if each.fixed and getattr(options, each.name) != getattr(running, each.name):
                warnings.append(
                    "%s has changed, but only a restart changes it: it stays %s" % (
                        options.origin(each.name).name, shown_value(each, running)))
                options.keep(each.name, running)
        complaints = self._checked(options, check, set()) if warnings else []
        if complaints:
            raise BadOption(complaints)
        return options, warnings

    def read_values(self, values):
        # type: (Mapping[str, Any]) -> Options
        """Return the options with these values, checked as those of a config file are.

        Args:
            values: by the options' names.
        Raises: BadOption: an unknown option, or a value that is not allowed.
        """
        settings, complaints = from_program(values, self._names)
        return self._options([settings], complaints, None)

    def variables(self):
        # type: () -> Dict[str, str]
        """Map the name of each environment variable that is read to the name of its option."""
        return dict((self._prefix + name.upper(), name) for name in self._names)

    def lines(self):
        # type: () -> List[str]
        """Return the lines about the options for a command's help."""
        lines = []  # type: List[str]
        for each in self.positionals:
            lines += _described(each, each.metavar)
        if self.positionals:
            lines.append("")
        for group in self.groups:
            lines += [group.heading + ":", ""] if group.heading else []
            for each in group.options:
                lines += _described(each, _flag(each))
            lines.append("")
        return lines[:-1]

    def _options(self, places, complaints, check):
        # type: (List[List[Setting]], List[str], Check) -> Options
        path = ""
        for settings in places:
            for setting in settings:
                if setting.option.name == "config":
                    path = setting.value
        if path:
            settings, more = from_file(path, self._names)
            places, complaints = [settings] + places, more + complaints
        options, bad = Options(self.positionals + self.options), set()  # type: Options, Set[str]
        for settings in places:
            for setting in joined(settings):
                try:
                    if setting.option.name == "config" and setting.origin.kind == sources.FILE:
                        raise ValueError(
                            "%s: a config file cannot name another one" % setting.origin.name)
                    options.take(setting)
                except ValueError as error:
                    complaints.append(str(error))
                    bad.add(setting.option.name)
        complaints += self._checked(options, check, bad)
        if complaints:
            raise BadOption(complaints)
        return options

    def _names_in(self, reason):
        # type: (str) -> List[str]
        """The options that a reason names. A name of one word is one only where it begins."""
        return [match.group() for match in _WORD.finditer(reason)
                if match.group() in self._names and ("_" in match.group() or not match.start())]

    def _checked(self, options, check, bad):
        # type: (Options, Check, Set[str]) -> List[str]
        """What a check finds, with the places; without what is about values that are wrong."""
        complaints = []
        for reason in check(options) if check is not None else ():
            names = self._names_in(reason)
            if bad.isdisjoint(names):
                complaints.append(_with_places(reason, names, options))
        return complaints


def shown_value(option, options):
    # type: (Any, Options) -> str
    """The value of an option for a person; that of a secret is not shown."""
    value = getattr(options, option.name)
    if option.secret:
        return "hidden" if value else "empty"
    if option.several:
        return ",".join(value) or "empty"
    return "empty" if value == "" else "%g" % value if option.type is float else str(value)


def _with_places(reason, names, options):
    # type: (str, List[str], Options) -> str
    """Begin ``reason`` with the flags, variables and files that have set ``names``."""
    places = []  # type: List[str]
    for name in names:
        origin = options.origin(name)
        if origin.kind != DEFAULT and origin.name not in places:
            places.append(origin.name)
    for name in names[:1]:
        if reason.startswith(name + ": ") and options.origin(name).kind != DEFAULT:
            reason = reason[len(name) + 2:]
    return "%s: %s" % (" and ".join(places), reason) if places else reason


def _described(option, name):
    text = option.help
    if option.default not in ("", False, []):
        text += " (default %s)" % (
            "%g" % option.default if isinstance(option.default, float) else option.default)
    wrapped = textwrap.wrap(text, _HELP_WIDTH, break_long_words=False, break_on_hyphens=False)
    return ["  " + name] + ["        " + line for line in wrapped]


def _flag(option):
    flag = "--" + option.name.replace("_", "-")
    if option.secret:
        return flag + OF_FILE.replace("_", "-") + "=FILE"
    return flag if option.type is bool else "%s=%s" % (flag, option.metavar)
