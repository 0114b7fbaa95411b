"""The options of a command, and where their values come from.

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

#: ``domain`` says in words what ``allows`` tests.
Option = collections.namedtuple("Option", "name type default metavar help domain allows")


class BadOption(Exception):
    """An option that cannot be used; ``str()`` is one line for the person at the terminal."""

    def __init__(self, message):
        # type: (Text) -> None
        super(BadOption, self).__init__(native_str(message))


def option(name, type, default, metavar, help, check):
    """An `Option` whose ``check`` is one of those below: (domain, allows)."""
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
        prefix (native str): what the names of its environment variables begin with.
    """

    def __init__(self, options, prefix):
        self.options = tuple(options)
        self._prefix = prefix
        self._by_name = dict((each.name, each) for each in self.options)

    def read(self, arguments, environment):
        # type: (List[str], Mapping[str, str]) -> OptionParser
        """Every option as an attribute of the result, e.g. ``.port``.

        Args:
            arguments: the command line without the program's name.
            environment: ``os.environ``, or what stands for it. An empty value is as good as none.
        Raises: BadOption.
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
        """The name of each environment variable that is read, and that of its option."""
        return dict((self._prefix + each.name.upper(), each.name) for each in self.options)

    def lines(self):
        # type: () -> List[str]
        """What a command's help says of its options."""
        lines = []
        for each in self.options:
            lines.append("  " + _flag(each))
            default = "" if each.default in ("", False) else " (default %s)" % _shown(each.default)
            lines.append("        %s%s" % (each.help, default))
        return lines

    # Where values come from: each of these returns [(option, text, source for complaints)].

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
            got = native_str(got)  # py2: text does not go beside a path's bytes.
        raise BadOption("%s must be %s, not %s" % (source, option.domain, got))


def _flag(option):
    flag = "--" + option.name.replace("_", "-")
    return flag if option.type is bool else "%s=%s" % (flag, option.metavar)


def _shown(value):
    return "%g" % value if isinstance(value, float) else value
