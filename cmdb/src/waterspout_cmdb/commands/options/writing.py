"""The file that a command writes: its options, its format, and whether it can be written."""

from __future__ import absolute_import, division, print_function

import os

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout_cmdb.command_line.environment_variables import BULK_PREFIX
from waterspout_cmdb.command_line.option import OptionGroup, one_of, option
from waterspout_cmdb.command_line.option_table import OptionTable
from waterspout_cmdb.commands.options import connecting, finding, running

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Sequence, Tuple  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401


def table(formats, more, file, needed):
    # type: (Sequence[str], Tuple[Any, ...], Any, int) -> OptionTable
    """Return the options of a command that writes what it finds of a model into a file.

    Args:
        formats: those that it can write.
        more: options for what is in the file, besides its format.
        file: the option that names the file; it stands behind the model.
        needed: how many of these two must be given.
    """
    form = option(
        "format", basestring_type, "", "NAME",
        "%s; what the file's name ends with unless given" % ", ".join(formats),
        one_of(("",) + tuple(formats)))
    return OptionTable(
        [
            OptionGroup("What it writes", (form,) + more),
            OptionGroup("Where it asks", connecting.OPTIONS),
            OptionGroup("What it prints", running.OUTPUT),
        ],
        BULK_PREFIX, [finding.OBJECT, file], needed=needed)


def format_of(options, formats):
    # type: (Options, Sequence[str]) -> str
    """Return the format to write, or an empty text if neither an option nor the file's name says.

    Standard output is CSV unless an option says otherwise.
    """
    return native_str(options.format) or _by_name(native_str(options.file), formats)


def format_complaints(options, formats):
    # type: (Options, Sequence[str]) -> List[str]
    """Return what is wrong with the format, at most one line."""
    if format_of(options, formats):
        return []
    return ["the name %s does not say the format; give --format=NAME: %s" % (
        native_str(options.file), ", ".join(formats))]


def writable_file(path):
    # type: (str) -> List[str]
    """Return what is wrong with a file that is to be written, at most one line."""
    if path == "-":
        return []
    folder = os.path.dirname(path) or os.curdir
    if not path:
        return ["the name of the file is empty; name one"]
    if os.path.isdir(path):
        return ["%s is a folder; name a file in it" % path]
    if not os.path.isdir(folder):
        return ["the folder %s does not exist: make it" % folder]
    if not os.access(folder, os.W_OK | os.X_OK):
        return ["%s cannot be written: the folder %s does not permit it" % (path, folder)]
    return []


def _by_name(path, formats):
    if path == "-":
        return "csv"
    name = path.lower()
    if name.endswith(".gz"):
        name = name[:-len(".gz")]
    ending = os.path.splitext(name)[1][1:]
    format = {"ndjson": "jsonl", "tab": "tsv"}.get(ending, ending)
    return format if format in formats else ""
