"""``python -m waterspout_cmdb keys``: make an API key, and its entry for the file of keys."""

from __future__ import absolute_import, division, print_function

import collections
import json
import sys

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout.service import APIKeys, ConfigurationError, announce, make_api_key
from waterspout_cmdb.command_line.command import USAGE
from waterspout_cmdb.command_line.option import ANY_TEXT, BadOption, OptionGroup, option
from waterspout_cmdb.command_line.option_table import OptionTable
from waterspout_cmdb.gateway.permissions import PERMISSIONS

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

_TEXTS = "texts, separated by commas", lambda texts: True

_TABLE = OptionTable([OptionGroup("", (
    option("name", basestring_type, "", "NAME",
           "of the client; it is in logs and statistics", ANY_TEXT),
    option("allow", basestring_type, [], "PERMISSIONS",
           "what it may do: %s, or * for everything" % ", ".join(sorted(PERMISSIONS)),
           _TEXTS, several=True),
    option("orgs", basestring_type, [], "ORGS",
           "the organisations for which it may act; * means all", _TEXTS, several=True),
    option("users", basestring_type, [], "NAMES",
           "the users for which it may act; * means all", _TEXTS, several=True),
    option("expires", basestring_type, "", "DATE",
           "the last day on which it is valid, such as 2027-12-31", ANY_TEXT),
    option("note", basestring_type, "", "TEXT",
           "for you", ANY_TEXT),
))], "WATERSPOUT_KEYS_")  # fmt: skip


def usage(program="python -m waterspout_cmdb keys"):
    # type: (str) -> str
    """Return what ``--help`` prints; ``program`` is what the user has typed for this command."""
    return "\n".join([
        "Usage: %s --name=NAME --allow=PERMISSIONS [--name=value ...]" % program,
        "",
        "Makes an API key, and prints it with its entry for the file that --api-keys of the",
        "gateway names. The key itself is stored nowhere: give it to the client.",
        "",
    ] + _TABLE.lines())


def main(arguments, environment, program="python -m waterspout_cmdb keys"):
    # type: (List[str], Mapping[str, str], str) -> int
    """Print a new key and its entry; return the exit code.

    Args:
        environment: sets nothing here: a key is made as the command line says.
        program: what the user has typed for this command, for ``--help``.
    """
    if "--help" in arguments or "-h" in arguments:
        announce(usage(program))
        return 0
    try:
        announce(_new_key(_TABLE.read(arguments, {})))
    except (BadOption, ConfigurationError) as error:
        for reason in getattr(error, "reasons", [str(error)]):
            announce("waterspout_cmdb keys: %s" % reason, sys.stderr)
        return USAGE
    return 0


def _new_key(options):
    # type: (OptionParser) -> str
    new = make_api_key()
    entry = collections.OrderedDict()  # type: Dict[str, Any]
    for name in ("name", "id", "sha256", "allow", "orgs", "users", "expires", "note"):
        value = getattr(new if name in ("id", "sha256") else options, name)
        if value or name == "allow":
            entry[name] = value
    for name in ("name", "allow"):
        if not entry.get(name):
            raise BadOption("--%s is missing; --help lists the options" % name)
    keys = APIKeys([entry], PERMISSIONS)  # Raises ConfigurationError.
    if keys.find(new.key) is None:
        raise BadOption("--expires is in the past: %s" % options.expires)
    return "\n".join([
        "The key, for the client alone:",
        "",
        "  " + new.key,
        "",
        "Its entry for the file of keys, {\"keys\": [ENTRY, ENTRY, ...]}; SIGHUP has a gateway "
        "read that again:",
        "",
        native_str(json.dumps(entry)),
    ])
