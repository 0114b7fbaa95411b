"""The places that values come from: flags, the environment, a config file, a program.

Each function returns the settings that it has found, and a line for each mistake.
"""

from __future__ import absolute_import, division, print_function

import collections
import os

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout_cmdb.command_line.config_errors import ConfigFileError
from waterspout_cmdb.command_line.config_file import read_config_file
from waterspout_cmdb.command_line.environment_variables import own_variables

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Sequence, Tuple  # noqa: F401

    from waterspout_cmdb.command_line.option import Option  # noqa: F401

    Names = Mapping[str, Tuple[Option, bool]]
    Found = Tuple[List["Setting"], List[str]]

#: Where a value comes from: ``kind`` is one of those below, ``name`` what a complaint begins with.
Origin = collections.namedtuple("Origin", "kind name")

#: One value of one option, as it was written.
Setting = collections.namedtuple("Setting", "option value origin")

DEFAULT, FILE, ENVIRONMENT, FLAG, PROGRAM = "default", "file", "environment", "flag", "program"

#: What follows the name of a secret option where a file holds its value.
OF_FILE = "_file"

#: Characters of a secret; more are a mistake.
_MAX_SECRET = 65536


def names_of(options):
    # type: (Any) -> Dict[str, Tuple[Option, bool]]
    """Map each name that sets an option to it, and to whether its value is the name of a file."""
    names = dict((each.name, (each, False)) for each in options)
    names.update((each.name + OF_FILE, (each, True)) for each in options if each.secret)
    return names


def from_flags(arguments, names, prefix, positionals=()):
    # type: (List[str], Names, str, Sequence[Option]) -> Found
    """Read a command line without the program's name.

    Args:
        prefix: of environment variables, for what is to be used in place of a flag.
        positionals: what stands there without a flag, in this order. A ``-`` alone is one, such as
            standard input; after ``--`` there are no flags.
    """
    found, complaints, rest = [], [], list(arguments)  # type: List[Setting], List[str], List[str]
    waiting, are_flags = list(positionals), True
    while rest:
        argument = rest.pop(0)
        if positionals and are_flags and argument == "--":
            are_flags = False
            continue
        if positionals and not (are_flags and argument.startswith("-") and argument != "-"):
            if not waiting:
                complaints.append("%s is one argument too many; there can be %s" % (
                    argument, " and ".join(each.metavar for each in positionals)))
            else:
                positional = waiting.pop(0)
                found.append(Setting(positional, argument, Origin(FLAG, positional.metavar)))
            continue
        flag, equals, value = argument.partition("=")
        name = flag.lstrip("-").replace("-", "_")
        if not flag.startswith("-") or name not in names:
            complaints.append("there is no option %s; --help lists them" % flag)
            if flag.startswith("--") and not equals and rest and not rest[0].startswith("-"):
                rest.pop(0)  # Its value, and not another mistake.
            continue
        option, is_file = names[name]
        if not equals and option.type is bool:
            value = "true"
        elif not equals:
            if not rest or rest[0].startswith("--"):
                complaints.append("%s needs a value: %s=%s" % (
                    flag, flag, "FILE" if is_file else option.metavar))
                continue
            value = rest.pop(0)
        if option.secret and not is_file:
            complaints.append(
                "%s would show a secret to everyone on this machine; use %s-file=FILE or %s%s" % (
                    flag, flag, prefix, name.upper()))
            continue
        _add(found, complaints, names[name], value, Origin(FLAG, flag))
    return found, complaints


def from_environment(environment, variables, names):
    # type: (Mapping[str, str], Mapping[str, str], Names) -> Found
    """Read environment variables; ``variables`` maps each to the name of its option."""
    found, complaints = [], []  # type: List[Setting], List[str]
    for variable, name, value in own_variables(environment, variables):
        _add(found, complaints, names[name], value, Origin(ENVIRONMENT, variable))
    return found, complaints


def from_file(path, names):
    # type: (str, Names) -> Found
    """Read a config file."""
    try:
        values, complaints = read_config_file(path, names)
    except ConfigFileError as error:
        return [], [str(error)]
    found = []  # type: List[Setting]
    for name, value in values:
        _add(found, complaints, names[name], value, Origin(FILE, "%s: %s" % (path, name)))
    return found, complaints


def from_program(values, names):
    # type: (Mapping[str, Any], Names) -> Found
    """Take values by the names of their options."""
    found, complaints = [], []  # type: List[Setting], List[str]
    for name, value in sorted(values.items()):
        if name not in names:
            complaints.append("there is no option %s" % name)
        else:
            _add(found, complaints, names[name], value, Origin(PROGRAM, name))
    return found, complaints


def joined(settings):
    # type: (List[Setting]) -> List[Setting]
    """The settings of one place; those of an option that takes several values are one list."""
    once, lists = [], {}  # type: List[Setting], Dict[str, List[Any]]
    for setting in settings:
        name = setting.option.name
        if not setting.option.several:
            once.append(setting)
        elif name in lists:
            lists[name].append(setting.value)
        else:
            lists[name] = [setting.value]
            once.append(setting._replace(value=lists[name]))
    return once


def _add(found, complaints, named, value, origin):
    option, is_file = named
    if is_file:
        if not (value and isinstance(value, basestring_type)):
            complaints.append("%s must be the name of a file" % origin.name)
            return
        try:
            value = _content(value)
        except (EnvironmentError, ValueError) as error:
            reason = os.strerror(error.errno) if getattr(error, "errno", None) else error
            complaints.append("%s: cannot read the file %s: %s" % (
                origin.name, native_str(value), reason))
            return
    if option.secret and any(each.option is option and each.origin.name != origin.name
                             for each in found):
        complaints.append("%s: the value of %s is given twice, itself and in a file" % (
            origin.name, option.name))
    found.append(Setting(option, value, origin))


def _content(path):
    """The text of a file, without the line break at its end."""
    with open(path, "rb") as file:
        content = file.read(_MAX_SECRET + 1)
    if len(content) > _MAX_SECRET:
        raise ValueError("it has more than %d bytes" % _MAX_SECRET)
    text = content.decode("utf-8").rstrip("\r\n")
    if not text:
        raise ValueError("it is empty")
    return native_str(text)
