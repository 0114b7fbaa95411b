"""``waterspout-cmdb import``: the rows of a file become instances of the CMDB."""

from __future__ import absolute_import, division, print_function

import sys

from tornado.escape import native_str
from tornado.ioloop import IOLoop

from waterspout.service import announce
from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.command_line.command import INTERRUPTED, USAGE
from waterspout_cmdb.command_line.own_program import SCRIPT, own_words, shell_line
from waterspout_cmdb.commands.bulk_command import BulkCommand
from waterspout_cmdb.commands.listening import HASHING, grouped
from waterspout_cmdb.commands.options.importing import TABLE, complaints, import_options
from waterspout_cmdb.commands.printing import plain_line
from waterspout_cmdb.commands.progress_bar import make_listener
from waterspout_cmdb.commands.stopping import Stopping
from waterspout_cmdb.commands.summary_text import summary_text
from waterspout_cmdb.commands.targets import describe_target, make_target

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Mapping, Text  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

NAME = SCRIPT + " import"

#: Options that are for one file, and not for that of its rejects.
_OF_THE_FILE = ("--resume", "--restart", "--header-row", "--journal", "--rejects", "--report")

_DESCRIPTION = [
    "Imports the rows of a spreadsheet: first it checks every row, then it sends those that are",
    "right. Rejected rows are written into a file, with the reason, to be corrected and imported.",
]

_CLOSING = [
    "Examples:",
    "",
    "  {program} hosts.csv --object HOST --key name --dry-run",
    '  {program} hosts.xlsx --sheet 2027 --object HOST --key name --map "Host Name=name"',
    "  {program} hosts.csv --object HOST --key name --resume",
    "",
    "Each option can also be set in the environment, such as WATERSPOUT_BULK_GATEWAY and",
    "WATERSPOUT_BULK_API_KEY. Exit codes: 0 all rows are in, 1 some are rejected, 2 it could not",
    "run or go on, 130 it was stopped; after 2 and 130 --resume goes on.",
]


def main(arguments, environment, program):
    # type: (List[str], Mapping[str, str], str) -> int
    """Run the command and return its exit code; ``program`` is what the user has typed for it."""
    return _COMMAND.main(arguments, environment, program)


def run(options, arguments):
    # type: (Options, List[str]) -> int
    """Import what the options name; return the exit code."""
    listener = make_listener(NAME, options.quiet)
    again = resume_line(arguments)
    try:
        summary = _imported(options, listener, again)
    except BulkError as error:
        listener.close()
        for reason in error.reasons:
            announce("%s: %s" % (NAME, plain_line(reason)), sys.stderr)
        # With a summary there is a journal; the reasons have said what is done.
        if getattr(error, "summary", None) is not None and not options.dry_run:
            _tell_how_to_go_on(None, again)
        return USAGE
    finally:
        listener.close()
    announce(summary_text(summary))
    if summary.state == "stopped" and not options.dry_run:
        # Without a journal nothing is known of what an earlier run has done.
        _tell_how_to_go_on(summary.counts if summary.files.journal else None, again)
    elif _has_rejects_to_import(summary) and not options.quiet:
        announce("%s: when the rejected rows are correct, this imports them:\n\n  %s\n" % (
            NAME, rejects_line(arguments, options.file, summary.files.rejects)), sys.stderr)
    return summary.exit_code


def _has_rejects_to_import(summary):
    # type: (Any) -> bool
    """Whether the file of rejects has all that is not in the CMDB."""
    return bool(summary.state == "done" and summary.changes is None
                and summary.counts.rejected and summary.files.rejects)


def resume_line(arguments):
    # type: (List[str]) -> str
    """Return the command that goes on with an import that was started with these arguments."""
    kept = [each for each in arguments if each not in ("--resume", "--restart")]
    kept.insert(kept.index("--") if "--" in kept else len(kept), "--resume")
    return shell_line(own_words() + ["import"] + kept)


def rejects_line(arguments, source, rejects):
    # type: (List[str], Text, Text) -> str
    """Return the command that imports the rejects of an import with these arguments.

    Args:
        source: the file that was imported, one of the arguments.
        rejects: the file of its rejected rows, which has its header in the first row.
    """
    kept, are_flags, skips = [], True, False
    for each in arguments:
        if skips:
            skips = False
            continue
        if each == "--":
            are_flags = False
        name, equals, _ = each.partition("=")
        if are_flags and name in _OF_THE_FILE:
            skips = not equals and name not in ("--resume", "--restart")
        else:
            kept.append(native_str(rejects) if each == native_str(source) else each)
    return shell_line(own_words() + ["import"] + kept)


def _imported(options, listener, again):
    # type: (Options, Any, str) -> Any
    loop, target = IOLoop.current(), make_target(options)
    try:
        job = _new_import(options, target, listener)

        def stop():
            listener.on_message(
                "stopping when the batches under way have ended; once more ends it at once")
            job.stop()

        def end():
            listener.close()
            _tell_how_to_go_on(_counts_of(listener.progress), again)

        with Stopping(loop, stop, end, INTERRUPTED):
            return loop.run_sync(job.run)
    finally:
        loop.run_sync(target.close)


def _new_import(options, target, listener):
    # type: (Options, Any, Any) -> Any
    from waterspout_cmdb.bulk.importing import Import

    keys = [native_str(each) for each in options.key]
    what = native_str(options.file), native_str(options.object), keys
    if not options.cluster:
        return Import(*(what + (target, import_options(options), listener)))
    from waterspout_cmdb.bulk.cluster import ClusterImport, TargetDescription

    target_class, called, keywords = describe_target(options)
    description = TargetDescription(target_class, called, **keywords)
    return ClusterImport(*((native_str(options.cluster),) + what + (
        description, import_options(options), listener)))


def _counts_of(progress):
    # type: (Any) -> Any
    """Return a progress if rows are counted yet, else None."""
    return None if progress is None or progress.stage == HASHING else progress


def _tell_how_to_go_on(counts, again):
    # type: (Any, str) -> None
    """Say how the import goes on, and how many rows are in.

    Args:
        counts: a `Counts`, a `Progress`, or None if neither knows.
    """
    state = ""
    if counts is not None:
        stored = counts.inserted + counts.updated
        rows = getattr(counts, "total_rows", counts.rows)
        of = " of %s" % grouped(rows) if rows is not None else ""
        state = "%s%s rows are in; " % (grouped(stored), of) if stored else "no row is in yet; "
    announce("%s: %sthis goes on:\n\n  %s\n" % (NAME, state, again), sys.stderr)


_COMMAND = BulkCommand(
    "import", "FILE --object MODEL --key ATTRIBUTE [--name=value]...", _DESCRIPTION, TABLE,
    _CLOSING, run, complaints)
