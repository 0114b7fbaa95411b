"""``waterspout-cmdb export``: instances of the CMDB become a file."""

from __future__ import absolute_import, division, print_function

import collections
import errno
import os
import sys

from tornado.escape import native_str, to_unicode
from tornado.ioloop import IOLoop
from tornado.util import basestring_type

from waterspout.service import announce
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.command_line.option import ANY_TEXT, YES_OR_NO, option
from waterspout_cmdb.command_line.own_program import SCRIPT
from waterspout_cmdb.commands.bulk_command import BulkCommand
from waterspout_cmdb.commands.listening import grouped
from waterspout_cmdb.commands.options import connecting, finding, writing
from waterspout_cmdb.commands.options.reading import FORMATS, is_encoding
from waterspout_cmdb.commands.printing import is_terminal
from waterspout_cmdb.commands.progress_bar import make_listener
from waterspout_cmdb.commands.targets import make_target

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Mapping  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

_Progress = collections.namedtuple("_Progress", "stage rows total_rows")

_TEXTS = "texts, separated by commas", lambda texts: True

TABLE = writing.table(
    FORMATS,
    (
        finding.QUERY,
        option("columns", basestring_type, [], "NAMES",
               "attributes, by commas, in this order; all of the model unless given", _TEXTS,
               several=True),
        option("encoding", basestring_type, "utf-8", "NAME",
               "of CSV and TSV; Excel knows UTF-8 only as utf-8-sig",
               ("the name of an encoding, such as gb18030", is_encoding)),
        option("raw", bool, False, "",
               "leave cells that begin like formulas as they are; otherwise they get a ' in "
               "front, which import takes off again", YES_OR_NO),
    ),
    option("file", basestring_type, "-", "FILE",
           "to write, such as hosts.csv or hosts.xlsx; standard output unless given", ANY_TEXT),
    needed=1,
)  # fmt: skip


def main(arguments, environment, program):
    # type: (List[str], Mapping[str, str], str) -> int
    """Run the command and return its exit code; ``program`` is what the user has typed for it."""
    return _COMMAND.main(arguments, environment, program)


def complaints(options):
    # type: (Options) -> List[str]
    """Return what is wrong with the options together."""
    path = native_str(options.file)
    found = writing.writable_file(path) + writing.format_complaints(options, FORMATS)
    if writing.format_of(options, FORMATS) == "xlsx" and path == "-" and is_terminal(sys.stdout):
        found.append("an Excel file is not for a terminal; name a FILE")
    return found + finding.complaints(options) + connecting.complaints(options)


def run(options, arguments):
    # type: (Options, List[str]) -> int
    """Write what is found into the file; return the exit code. Raises: BulkError."""
    from waterspout_cmdb.bulk.exporting import export

    path = native_str(options.file)
    form = writing.format_of(options, FORMATS)
    columns = [to_unicode(each) for each in options.columns] or None
    loop, target = IOLoop.current(), make_target(options)
    listener = make_listener(SCRIPT + " export", options.quiet)

    def tell(rows, total):
        listener.on_progress(_Progress("writing", rows, total))

    try:
        count = loop.run_sync(lambda: export(
            target, native_str(options.object), finding.query_of(options), columns, path, form,
            encoding=native_str(options.encoding), raw=options.raw, on_progress=tell,
            on_findings=listener.on_findings))
    except BulkError as error:
        if path == "-" and os.strerror(errno.EPIPE) in str(error):
            return 0  # A reader such as `head` has seen enough.
        raise
    finally:
        listener.close()
        loop.run_sync(target.close)
    if not options.quiet:
        announce("%s export: %s instances of %s%s" % (
            SCRIPT, grouped(count), native_str(options.object),
            "" if path == "-" else " in %s" % os.path.normpath(path)), sys.stderr)
    return 0


_COMMAND = BulkCommand(
    "export", "MODEL [FILE] [--name=value]...",
    ["Writes the instances of a model into a file, which import reads again."],
    TABLE,
    [
        "Examples:",
        "",
        "  {program} HOST hosts.xlsx",
        """  {program} HOST hosts.csv --query '{{"env": {{"$eq": "prod"}}}}' --columns name,ip""",
        "  {program} HOST --format jsonl | gzip > hosts.jsonl.gz",
    ],
    run, complaints)
