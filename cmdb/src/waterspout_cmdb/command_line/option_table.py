"""The options of a command, and the sources of their values.

A flag (``--port=8888`` or ``--port 8888``) wins over the environment (``WATERSPOUT_PORT=8888``),
the environment over a config file (``port = 8888``), the file over the default.
"""

from __future__ import absolute_import, division, print_function

import collections
import textwrap

from tornado.escape import native_str
from tornado.options import OptionParser
from tornado.util import basestring_type

from waterspout_cmdb.command_line.config_file import ConfigFileError, read_config_file
from waterspout_cmdb.command_line.environment_variables import own_variables

#: ``allows`` tests a value; ``domain`` describes the values that it accepts, for error messages.
#: ``several``: the value is a list of texts, given by commas, by repeating the flag, or both.
Option = collections.namedtuple("Option", "name type default metavar help domain allows several")

#: Columns of a line of help, beside its indentation.
_HELP_WIDTH = 90


#: Options that belong together, under a heading in ``--help``.
OptionGroup = collections.namedtuple("OptionGroup", "heading options")


class BadOption(ValueError):
    """An option has a value that cannot be used; ``str()`` is one line for the user."""

    def __init__(self, message):
        # type: (Text) -> None
        super(BadOption, self).__init__(native_str(message))


def option(name, type, default, metavar, help, check, several=False):
    """Return an `Option`; ``check`` is a pair (domain, allows), such as those below."""
    return Option(name, type, default, metavar, help, check[0], check[1], several)


def between(low, high):
    return "a number from %.15g to %.15g" % (low, high), lambda value: low <= value <= high


def one_of(names):
    return "one of " + ", ".join(names), lambda value: value in names


ANY_NUMBER = "a whole number", lambda value: True
ANY_TEXT = "text", lambda value: True
YES_OR_NO = "true or false", lambda value: True


class OptionTable(object):
    """The options of one command.

    Args:
        groups (iterable of OptionGroup): an option named ``config`` names the config file.
        prefix (native str): with which the names of its environment variables begin.
    """

    def __init__(self, groups, prefix):
        self._groups = tuple(groups)
        self.options = tuple(each for group in self._groups for each in group.options)
        self._prefix = prefix
        self._by_name = dict((each.name, each) for each in self.options)

    def read(self, arguments, environment):
        # type: (List[str], Mapping[str, str]) -> OptionParser
        """Return the options as attributes, e.g. ``.port``.

        Args:
            arguments: the command line without the program's name.
            environment: ``os.environ``, or a substitute. An empty value means "not set".
        Raises: BadOption: an unknown option, or a value that is not allowed.
        """
        return self._read(self._flags(arguments), environment)

    def read_values(self, values):
        # type: (Mapping[str, Any]) -> OptionParser
        """Return the options with these values, checked as those of a config file are.

        Args:
            values: by the options' names.
        Raises: BadOption: an unknown option, or a value that is not allowed.
        """
        for name in sorted(values):
            if name not in self._by_name:
                raise BadOption("there is no option %s" % name)
        return self._read(
            [(self._by_name[name], value, name) for name, value in sorted(values.items())], {})

    def _read(self, flags, environment):
        variables = own_variables(environment, self.variables())
        from_environment = [(self._by_name[name], value, variable)
                            for variable, name, value in variables]
        path = ""
        for each, value, _ in from_environment + flags:
            if each.name == "config":
                path = value
        parser = OptionParser()
        for each in self.options:
            parser.define(
                each.name, type=each.type, default=each.default, multiple=each.several)
        for settings in (self._settings(path), from_environment, flags):
            for each, value, source in _joined(settings):
                _set(parser, each, value, source)
        return parser

    def variables(self):
        # type: () -> Dict[str, str]
        """Map the name of each environment variable that is read to the name of its option."""
        return dict((self._prefix + each.name.upper(), each.name) for each in self.options)

    def lines(self):
        # type: () -> List[str]
        """Return the lines about the options for a command's help."""
        lines = []
        for group in self._groups:
            lines += [group.heading + ":", ""] if group.heading else []
            for each in group.options:
                lines += _help_lines(each)
            lines.append("")
        return lines[:-1]

    # The sources of values: each returns [(option, text, name of the source for errors)].

    def _flags(self, arguments):
        found, rest = [], list(arguments)
        while rest:
            flag, equals, value = rest.pop(0).partition("=")
            each = self._by_name.get(flag.lstrip("-").replace("-", "_"))
            if not flag.startswith("-") or each is None:
                raise BadOption("there is no option %s; --help lists them" % flag)
            if not equals and each.type is bool:
                value = "true"
            elif not equals:
                if not rest or rest[0].startswith("--"):
                    raise BadOption("%s needs a value: %s=%s" % (flag, flag, each.metavar))
                value = rest.pop(0)
            found.append((each, value, flag))
        return found

    def _settings(self, path):
        if not path:
            return []
        try:
            settings = read_config_file(path, self._by_name)
        except ConfigFileError as error:
            raise BadOption(str(error))
        return [(self._by_name[name], value, "%s: %s" % (path, name)) for name, value in settings]


def _joined(settings):
    """The settings of one source; those of an option that takes several values are one list."""
    joined, lists = [], {}
    for each, value, source in settings:
        if not each.several:
            joined.append((each, value, source))
        elif each.name in lists:
            lists[each.name].append(value)
        else:
            lists[each.name] = [value]
            joined.append((each, lists[each.name], source))
    return joined


def _texts_in(values):
    """The texts in what a source has for an option with several values: text, or lists of it."""
    texts = []
    for value in values:
        for text in value if isinstance(value, (list, tuple)) else [value]:
            if not isinstance(text, basestring_type):
                raise ValueError("it is no text")
            texts += [part.strip() for part in text.split(",") if part.strip()]
    return texts


def _set(parser, option, value, source):
    if option.several:
        try:
            texts = _texts_in(value)
            allowed = option.allows(texts)
        except ValueError:
            allowed = False
        if not allowed:
            raise BadOption("%s must be %s, not %s" % (
                source, option.domain, ", ".join(map(_native, value))))
        setattr(parser, option.name, texts)
        return
    try:
        if option.type is bool and str(value).lower() not in ("true", "false"):
            raise ValueError("tornado.options takes any word for true")
        if not isinstance(value, (basestring_type, int, float)):
            raise ValueError("tornado.options would take its repr() for text")
        parser.parse_command_line(["", "--%s=%s" % (option.name, value)], final=False)
        allowed = option.allows(getattr(parser, option.name))
    except ValueError:
        allowed = False
    if not allowed:
        got = "empty" if value == "" else _native(value)
        raise BadOption("%s must be %s, not %s" % (source, option.domain, got))


def _native(value):
    """``value`` as native text: on Python 2 a message cannot mix unicode and bytes."""
    return native_str(value) if isinstance(value, basestring_type) else str(value)


def _help_lines(option):
    text = option.help
    if option.default not in ("", False, []):
        text += " (default %s)" % _shown(option.default)
    wrapped = textwrap.wrap(text, _HELP_WIDTH, break_long_words=False, break_on_hyphens=False)
    return ["  " + _flag(option)] + ["        " + line for line in wrapped]


def _flag(option):
    flag = "--" + option.name.replace("_", "-")
    return flag if option.type is bool else "%s=%s" % (flag, option.metavar)


def _shown(value):
    return "%g" % value if isinstance(value, float) else value
