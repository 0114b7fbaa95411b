"""``waterspout-cmdb search``: the instances that match a query, as a table or as lines."""

from __future__ import absolute_import, division, print_function

import json
import sys

from tornado import gen
from tornado.escape import native_str, to_unicode
from tornado.ioloop import IOLoop
from tornado.util import basestring_type

from waterspout.service import announce
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.command_line.environment_variables import BULK_PREFIX
from waterspout_cmdb.command_line.option import OptionGroup, between, one_of, option
from waterspout_cmdb.command_line.option_table import OptionTable
from waterspout_cmdb.commands.bulk_command import BulkCommand
from waterspout_cmdb.commands.listening import grouped
from waterspout_cmdb.commands.options import connecting, finding, running
from waterspout_cmdb.commands.printing import Printer, is_terminal
from waterspout_cmdb.commands.search_table import cell_text, table_lines
from waterspout_cmdb.commands.targets import make_target

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Mapping  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

_TEXTS = "texts, separated by commas", lambda texts: True

#: Instances of one answer.
_PAGE = 1000

TABLE = OptionTable(
    [
        OptionGroup("What it shows", (
            finding.QUERY,
            option("fields", basestring_type, [], "NAMES",
                   "attributes to show, by commas; all of the model unless given", _TEXTS,
                   several=True),
            option("limit", int, 20, "N", "instances, at most", between(1, 10 ** 9)),
            option("format", basestring_type, "", "NAME",
                   "table, jsonl or csv; a table on a terminal unless given, jsonl otherwise",
                   one_of(("", "table", "jsonl", "csv"))),
        )),
        OptionGroup("Where it asks", connecting.OPTIONS),
        OptionGroup("What it prints", (running.LOGGING,)),
    ],
    BULK_PREFIX,
    [finding.OBJECT],
    needed=1,
)  # fmt: skip


def main(arguments, environment, program):
    # type: (List[str], Mapping[str, str], str) -> int
    """Run the command and return its exit code; ``program`` is what the user has typed for it."""
    return _COMMAND.main(arguments, environment, program)


def complaints(options):
    # type: (Options) -> List[str]
    """Return what is wrong with the options together."""
    return finding.complaints(options) + connecting.complaints(options)


def run(options, arguments):
    # type: (Options, List[str]) -> int
    """Show what is found; return the exit code. Raises: BulkError."""
    loop, target = IOLoop.current(), make_target(options)
    try:
        loop.run_sync(lambda: _search(options, target))
    finally:
        loop.run_sync(target.close)
    return 0


@gen.coroutine
def _search(options, target):
    # type: (Options, Any) -> Future[None]
    name, query = native_str(options.object), finding.query_of(options)
    fields = [to_unicode(each) for each in options.fields]
    # In an order, so that pages fit together.
    order = [(u"instanceId", 1)]
    definition = yield target.model(name)
    if not fields:
        fields = _fields(definition)
        order = [(fields[0], 1)]
    else:
        _check(fields, definition)
    form = native_str(options.format) or ("table" if is_terminal(sys.stdout) else "jsonl")
    shown, page, rows = 0, 1, []  # type: int, int, List[Any]
    with Printer(sys.stdout) as printer:
        if form == "csv":
            printer.row(fields)
        while shown < options.limit:
            found, total = yield target.search(
                name, query, fields, page, min(_PAGE, options.limit), order)
            for instance in found[:options.limit - shown]:
                shown += 1
                if form == "table":
                    rows.append([cell_text(instance.get(each)) for each in fields])
                elif form == "csv":
                    printer.row([cell_text(instance.get(each)) for each in fields])
                else:
                    printer.line(json.dumps(instance, ensure_ascii=False, sort_keys=True))
            if printer.is_broken or not found or shown >= total:
                break
            page += 1
        if form == "table":
            for line in table_lines(fields, rows, printer.width):
                printer.line(line)
    if not printer.is_broken and (form == "table" or shown < total):
        announce("%s of %s%s" % (
            grouped(shown), grouped(total), "; --limit=N shows more" if shown < total else ""),
            sys.stderr)


def _fields(definition):
    # type: (Any) -> List[str]
    """The attributes of a model, those first by which people know an instance."""
    from waterspout_cmdb.bulk.mapping import Model

    model = Model(definition)
    first = [each for each in model.show_key if each in model.attributes]
    return first + [each for each in model.attributes if each not in first]


def _check(fields, definition):
    # type: (List[Any], Any) -> None
    """Raises: BulkError: the model has no such fields, which the CMDB leaves out in silence."""
    from waterspout_cmdb.bulk.mapping import Model
    from waterspout_cmdb.bulk.mapping.columns import nearest
    from waterspout_cmdb.bulk.mapping.model import is_system_field

    model = Model(definition)
    known = list(model.attributes) + list(model.relations)
    unknown = [each for each in fields
               if each.partition(u".")[0] not in known and not is_system_field(each)]
    if unknown:
        raise BulkError([u"%s has no attribute %s%s" % (
            model.object_id, each, nearest(each, known)) for each in unknown])


_COMMAND = BulkCommand(
    "search", "MODEL [--query=JSON] [--name=value]...",
    ["Shows the instances of a model that match a query. Standard output has nothing else."],
    TABLE,
    [
        "Examples:",
        "",
        "  {program} HOST",
        """  {program} HOST --query '{{"env": {{"$eq": "prod"}}}}' --fields name,ip""",
        "  {program} HOST --format csv --limit 100000 > hosts.csv",
    ],
    run, complaints)
