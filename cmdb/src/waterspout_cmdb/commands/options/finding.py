"""Which instances are read, and how."""

from __future__ import absolute_import, division, print_function

import json

from tornado.escape import native_str, to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.command_line.option import ANY_TEXT, option
from waterspout_cmdb.commands.options.objects import OBJECT_ID

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, List  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

OBJECT = option(
    "object", basestring_type, "", "MODEL", "the model of the instances, such as HOST", OBJECT_ID)

QUERY = option(
    "query", basestring_type, "", "JSON",
    """which instances, such as '{"cpu": {"$gte": 4}}'; all unless given""", ANY_TEXT)


def complaints(options):
    # type: (Options) -> List[str]
    """Return what is wrong with the query."""
    try:
        query = query_of(options)
    except ValueError as error:
        return ["query: it is not JSON: %s" % error]
    if not isinstance(query, dict):
        return ["""query: it must be one object, such as '{"cpu": {"$gte": 4}}'"""]
    return []


def query_of(options):
    # type: (Options) -> Dict[str, Any]
    """Return the query. Raises: ValueError."""
    text = to_unicode(options.query)
    try:
        return json.loads(text) if text.strip() else {}
    except RuntimeError as error:  # RecursionError.
        raise ValueError(native_str(str(error)))
