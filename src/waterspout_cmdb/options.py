"""The gateway's options: what there is, and where a value comes from.

A flag (``--port=8888``) wins over the environment (``WATERSPOUT_PORT=8888``), the environment
over the file that ``--config`` names (``port = 8888``), the file over the default.
"""

from __future__ import absolute_import, division, print_function

import collections
import os
import re

from tornado.escape import native_str
from tornado.options import OptionParser
from tornado.util import basestring_type

import waterspout
from waterspout.service import DRAIN_TIMEOUT, LOG_LEVELS, MAX_BODY_BYTES, normal_origin

#: The way to the CMDB unless told otherwise: waterspout's own default.
TRANSPORT = waterspout.TRANSPORTS[0]

ENVIRONMENT_PREFIX = "WATERSPOUT_"


class BadOption(Exception):
    """An option that cannot be used; ``str()`` is one line for the person at the terminal."""

    def __init__(self, message):
        # type: (Text) -> None
        super(BadOption, self).__init__(native_str(message))


def _between(low, high):
    return "a number from %.15g to %.15g" % (low, high), lambda value: low <= value <= high


def _one_of(names):
    return "one of " + ", ".join(names), lambda value: value in names


def _are_origins(text):
    try:
        for origin in split_origins(text):
            normal_origin(origin)
    except ValueError:
        return False
    return True


def split_origins(text):
    # type: (Text) -> List[str]
    """The origins that ``--allowed-origins`` names."""
    return [native_str(origin) for origin in text.split(",") if origin.strip()]


_ANY_NUMBER = "a whole number", lambda value: True
_ANY_TEXT = "text", lambda value: True
_HEADER_TEXT = "printable ASCII without spaces", re.compile(r"[\x21-\x7e]+\Z").match
_DAY = 86400

#: ``domain`` says in words what ``allows`` tests.
Option = collections.namedtuple("Option", "name type default metavar help domain allows")


def _option(name, type, default, metavar, help, check):
    return Option(name, type, default, metavar, help, *check)


OPTIONS = (
    _option("port", int, 8888, "PORT",
            "serve on this port; 0 lets the system choose", _between(0, 65535)),
    _option("address", basestring_type, "127.0.0.1", "HOST",
            "serve on this address; 0.0.0.0 is every IPv4 address of the machine", _ANY_TEXT),
    _option("processes", int, 1, "N",
            "worker processes; 0 means one per core", _between(0, 1024)),
    _option("upstream", basestring_type, "", "HOST:PORT",
            "the CMDB, or its base URL; without it an embedded sandbox CMDB is started",
            _ANY_TEXT),
    _option("org", int, 777777, "ORG", "organisation id sent to the CMDB", _ANY_NUMBER),
    _option("user", basestring_type, "defaultUser", "NAME",
            "user name sent to the CMDB", _HEADER_TEXT),
    _option("transport", basestring_type, TRANSPORT, "NAME",
            "how to call the CMDB: " + ", ".join(waterspout.TRANSPORTS),
            _one_of(waterspout.TRANSPORTS)),
    _option("timeout", float, 10.0, "SECONDS",
            "to connect to the CMDB, and between two bytes of its answer", _between(0.001, _DAY)),
    _option("max_body_bytes", int, MAX_BODY_BYTES, "BYTES",
            "longer request bodies are refused", _between(1, 2 ** 31)),
    _option("allowed_origins", basestring_type, "", "ORIGINS",
            "whose web pages may send requests: https://a.example,http://b.example:8080",
            ("origins separated by commas, each scheme://host or scheme://host:port",
             _are_origins)),
    _option("drain_timeout", float, DRAIN_TIMEOUT, "SECONDS",
            "what requests in flight get to finish when the gateway stops", _between(0, _DAY)),
    _option("sandbox_port", int, 8079, "PORT",
            "where the embedded sandbox CMDB serves", _between(1, 65535)),
    _option("sandbox_db", basestring_type, "waterspout-sandbox.db", "FILE",
            "where the embedded sandbox CMDB keeps its data", _ANY_TEXT),
    _option("logging", basestring_type, "info", "LEVEL",
            "what to log: " + ", ".join(LOG_LEVELS), _one_of(LOG_LEVELS)),
    _option("config", basestring_type, "", "FILE",
            "read options from this file, written in Python: port = 8888", _ANY_TEXT),
)

_BY_NAME = dict((option.name, option) for option in OPTIONS)


def read_options(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> OptionParser
    """Every option as an attribute of the result, e.g. ``.port``.

    Args:
        arguments: the command line without the program's name.
        environment: ``os.environ``, or what stands for it.
    Raises: BadOption.
    """
    flags = _flags(arguments)
    from_environment = [
        (option.name, environment[_variable(option.name)], _variable(option.name))
        for option in OPTIONS
        if _variable(option.name) in environment
    ]
    path = ""
    for name, value, _ in from_environment + flags:
        if name == "config":
            path = value
    parser = OptionParser()
    for option in OPTIONS:
        parser.define(option.name, type=option.type, default=option.default)
    for name, value, source in _settings(path) + from_environment + flags:
        _set(parser, name, value, source)
    return parser


def usage():
    # type: () -> str
    """What ``--help`` prints."""
    lines = [
        "Usage: python -m waterspout_cmdb [--name=value ...]",
        "",
        "Serves POST /cmdb/import/<object_id> and POST /cmdb/search/<object_id>, which import and",
        "search instances by calling the CMDB. Ctrl-C or SIGTERM stops it; requests in flight",
        "finish first.",
        "",
    ]
    for option in OPTIONS:
        flag = "--%s=%s" % (option.name.replace("_", "-"), option.metavar)
        lines.append("  " + flag)
        default = "" if option.default == "" else " (default %s)" % _shown(option.default)
        lines.append("        %s%s" % (option.help, default))
    lines += [
        "",
        "Each option can also be set in the environment (%s=8888) or in the file that"
        % _variable("port"),
        "--config names. A flag wins over the environment, the environment over the file.",
    ]
    return "\n".join(lines)


# Where values come from: each of these returns [(name, text, source)], the source for complaints.


def _flags(arguments):
    found = []
    for argument in arguments:
        flag, equals, value = argument.partition("=")
        name = flag.lstrip("-").replace("-", "_")
        if not flag.startswith("-") or name not in _BY_NAME:
            raise BadOption("there is no option %s; --help lists them" % flag)
        if not equals:
            raise BadOption("%s needs a value: %s=%s" % (flag, flag, _BY_NAME[name].metavar))
        found.append((name, value, flag))
    return found


def _settings(path):
    """The names that a config file binds to numbers and texts; others are its own business."""
    if not path:
        return []
    found = []
    for name, value in sorted(_run(path).items()):
        if name.startswith("_") or not isinstance(value, (basestring_type, bytes, int, float)):
            continue
        if name not in _BY_NAME:
            raise BadOption("%s: there is no option %s; --help lists them" % (path, name))
        found.append((name, value, "%s: %s" % (path, name)))
    return found


def _run(path):
    try:
        with open(path, "rb") as source:
            code = compile(source.read(), path, "exec", 0, True)
    except EnvironmentError as error:
        raise BadOption("cannot read the config file %s: %s" % (path, os.strerror(error.errno)))
    except (SyntaxError, TypeError, ValueError) as error:
        raise BadOption("the config file %s is not Python: %s" % (path, error))
    names = {"__file__": os.path.abspath(path)}
    try:
        exec(code, names)
    except (Exception, SystemExit) as error:
        raise BadOption("the config file %s: %s: %s" % (path, type(error).__name__, error))
    return names


def _set(parser, name, value, source):
    option = _BY_NAME[name]
    try:
        parser.parse_command_line(["", "--%s=%s" % (name, value)], final=False)
        allowed = option.allows(getattr(parser, name))
    except ValueError:
        allowed = False
    if not allowed:
        raise BadOption("%s must be %s, not %s" % (source, option.domain, value))


def _variable(name):
    # type: (str) -> str
    return ENVIRONMENT_PREFIX + name.upper()


def _shown(value):
    return "%g" % value if isinstance(value, float) else value
