"""Files that are read, looked at before anything starts."""

from __future__ import absolute_import, division, print_function

import os

from tornado.escape import native_str

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Sequence  # noqa: F401


def readable_file(path):
    # type: (str) -> List[str]
    """Return what is wrong with a file that is to be read, at most one line.

    Standard input and URLs are looked at when they are read.
    """
    path = native_str(path)
    if not path:
        return ["the name of the file is empty; name one, or - for standard input"]
    if path == "-" or path.startswith(("http://", "https://")):
        return []
    if os.path.isdir(path):
        return ["%s is a folder; name a file in it" % path]
    if not os.path.exists(path):
        return ["there is no file %s" % path]
    if not os.access(path, os.R_OK):
        return ["%s cannot be read: permission denied" % path]
    return []


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


def format_of(path, formats):
    # type: (str, Sequence[str]) -> str
    """Return the format that a file's name ends with, or an empty text; standard output is CSV."""
    if path == "-":
        return "csv"
    name = path.lower()
    if name.endswith(".gz"):
        name = name[:-len(".gz")]
    ending = os.path.splitext(name)[1][1:]
    return ending if ending in formats else {"ndjson": "jsonl", "tab": "tsv"}.get(ending, "")
