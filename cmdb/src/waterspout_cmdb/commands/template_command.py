"""``waterspout-cmdb template``: an empty spreadsheet with the columns of a model."""

from __future__ import absolute_import, division, print_function

import os
import sys

from tornado.escape import native_str
from tornado.ioloop import IOLoop
from tornado.util import basestring_type

from waterspout.service import announce
from waterspout_cmdb.command_line.option import ANY_TEXT, option
from waterspout_cmdb.command_line.own_program import SCRIPT, own_words, shell_line, shown_path
from waterspout_cmdb.command_line.sources import FLAG
from waterspout_cmdb.commands.bulk_command import BulkCommand
from waterspout_cmdb.commands.options import connecting, writing
from waterspout_cmdb.commands.targets import make_target

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Mapping  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

#: What a person fills in by hand.
_FORMATS = ("xlsx", "csv", "tsv")

TABLE = writing.table(
    _FORMATS, (),
    option("file", basestring_type, "", "FILE",
           "to write, such as hosts.xlsx, which has drop-downs for choices", ANY_TEXT),
    needed=2,
)  # fmt: skip


def main(arguments, environment, program):
    # type: (List[str], Mapping[str, str], str) -> int
    """Run the command and return its exit code; ``program`` is what the user has typed for it."""
    return _COMMAND.main(arguments, environment, program)


def complaints(options):
    # type: (Options) -> List[str]
    """Return what is wrong with the options together."""
    found = connecting.complaints(options)
    path = native_str(options.file)
    if options.origin("file").kind != "default":
        found += writing.writable_file(path)
        if path != "-" and os.path.exists(path):  # It may be one that somebody has filled in.
            found.append("there is a file %s already; name another one, or remove it" % path)
        found += writing.format_complaints(options, _FORMATS)
    return found


def run(options, arguments):
    # type: (Options, List[str]) -> int
    """Write the file; return the exit code. Raises: BulkError."""
    from waterspout_cmdb.bulk.mapping import Model
    from waterspout_cmdb.bulk.writing import write_template

    name, path = native_str(options.object), native_str(options.file)
    form = writing.format_of(options, _FORMATS)
    loop, target = IOLoop.current(), make_target(options)
    try:
        model = Model(loop.run_sync(lambda: target.model(name)))
    finally:
        loop.run_sync(target.close)
    write_template(path, model, form)
    if not options.quiet and path != "-":
        keys = ",".join(native_str(each) for each in model.show_key[:1]) or "KEY"
        words = own_words() + ["import", shown_path(path), "--object", name, "--key", keys]
        for each in ("gateway", "upstream"):
            if options.origin(each).kind == FLAG:
                words += ["--" + each, native_str(getattr(options, each))]
        announce("%s template: %s is ready to be filled in; then\n\n  %s\n" % (
            SCRIPT, path, shell_line(words)), sys.stderr)
    return 0


_COMMAND = BulkCommand(
    "template", "MODEL FILE [--name=value]...",
    ["Writes an empty spreadsheet with the columns of a model, to be filled in and imported."],
    TABLE,
    ["Examples:", "", "  {program} HOST hosts.xlsx", "  {program} APP applications.csv"],
    run, complaints)
