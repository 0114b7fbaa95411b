"""The options of a command, and the sources of their values.

A flag (``--port=8888`` or ``--port 8888``) wins over the environment (``WATERSPOUT_PORT=8888``),
the environment over a config file (``port = 8888``), the file over the default.
"""

from __future__ import absolute_import, division, print_function

import collections

from tornado.escape import native_str
from tornado.options import OptionParser
from tornado.util import basestring_type

from waterspout_cmdb.command_line.config_file import ConfigFileError, read_config_file
from waterspout_cmdb.command_line.environment_variables import own_variables

#: ``allows`` tests a value; ``domain`` describes the values that it accepts, for error messages.
Option = collections.namedtuple("Option", "name type default metavar help domain allows")


class BadOption(Exception):
    """An option has a value that cannot be used; ``str()`` is one line for the user."""

    def __init__(self, message):
        # type: (Text) -> None
        super(BadOption, self).__init__(native_str(message))


def option(name, type, default, metavar, help, check):
    """Return an `Option`; ``check`` is a pair (domain, allows), such as those below."""
    return Option(name, type, default, metavar, help, *check)


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
        options (iterable of Option): one named ``config`` names the config file.
        prefix (native str): with which the names of its environment variables begin.
    """

    def __init__(self, options, prefix):
        self.options = tuple(options)
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
        flags = self._flags(arguments)
        variables = own_variables(environment, self.variables())
        from_environment = [(self._by_name[name], value, variable)
                            for variable, name, value in variables]
        path = ""
        for each, value, _ in from_environment + flags:
            if each.name == "config":
                path = value
        parser = OptionParser()
        for each in self.options:
            parser.define(each.name, type=each.type, default=each.default)
        for each, value, source in self._settings(path) + from_environment + flags:
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
        for each in self.options:
            lines.append("  " + _flag(each))
            default = "" if each.default in ("", False) else " (default %s)" % _shown(each.default)
            lines.append("        %s%s" % (each.help, default))
        return lines

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


def _set(parser, option, value, source):
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
        got = "empty" if value == "" else value
        if isinstance(got, basestring_type):
            got = native_str(got)  # py2: a message cannot mix unicode and bytes.
        raise BadOption("%s must be %s, not %s" % (source, option.domain, got))


def _flag(option):
    flag = "--" + option.name.replace("_", "-")
    return flag if option.type is bool else "%s=%s" % (flag, option.metavar)


def _shown(value):
    return "%g" % value if isinstance(value, float) else value
