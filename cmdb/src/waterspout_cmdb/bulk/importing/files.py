"""The files of an import: the source, and those written beside it."""

from __future__ import absolute_import, division, print_function

import collections
import errno
import filecmp
import os
import tempfile

from tornado.escape import native_str, to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import downloads

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401

#: Paths. ``rejects`` and ``report`` are None where nothing is to be written.
Files = collections.namedtuple("Files", "source journal rejects report")

#: What stands for the name of a file that came by standard input.
STANDARD_INPUT = "stdin"


def name_files(source, options):
    # type: (Text, ImportOptions) -> Files
    """Return where the files of an import are, or will be.

    Those of standard input and of a URL are in the current folder. A dry run writes those alone
    that its options name.

    Args:
        source (text): a path, ``-`` or a URL, as the user wrote it.
        options (ImportOptions)
    Raises: BulkError: two of them are one file; or one is a folder.
    """
    source = native_str(source)
    if not _is_text(source):
        raise BulkError("the name of %r is not in UTF-8: rename the file" % source)
    base = _base(source)
    stem, ending = _split(base)
    beside = Files(
        source, base + ".journal", stem + ".rejects" + ending, base + ".report.json")
    if options.dry_run:
        beside = Files(source, None, None, None)
    files = Files(shown_source(source), *[
        native_str(getattr(options, name) or "") or getattr(beside, name)
        for name in ("journal", "rejects", "report")])
    _check(files)
    return files


def shown_source(source):
    # type: (Text) -> Text
    """Return the name of a source without what may be secret in a URL: user, password, query."""
    return native_str(downloads.shown(source)) if downloads.is_url(source) else source


def is_fetched(source):
    # type: (Text) -> bool
    """Say whether a source is standard input or a URL, of which there is no file yet."""
    return source == "-" or source.startswith(("http://", "https://"))


def with_ending(files, options, format):
    # type: (Files, ImportOptions, Text) -> Files
    """Return the files, the rejects of a source that has no file named by what was found in it."""
    rejects = files.rejects
    if not is_fetched(files.source) or rejects is None or options.rejects:
        return files
    if rejects.endswith("." + format):
        return files
    return files._replace(rejects="%s.%s" % (rejects, format))


def check_folders(files):
    # type: (Files) -> None
    """Raise BulkError unless files can be written where the journal, rejects and report go."""
    written = [(name, getattr(files, name)) for name in ("journal", "rejects", "report")]
    for folder in sorted({os.path.dirname(path) or "." for _, path in written if path}):
        try:
            handle, probe = tempfile.mkstemp(prefix=".waterspout-", dir=folder)
        except EnvironmentError as error:
            names = [name for name, path in written
                     if path and (os.path.dirname(path) or ".") == folder]
            raise BulkError(_refusal(folder, names, error))
        os.close(handle)
        os.remove(probe)


def keep_old(path):
    # type: (Text) -> Text | None
    """Give a file that an earlier import left another name, so that no correction in it is lost.

    Returns: text or None: the new name; None if there was no such file.
    Raises: BulkError
    """
    try:
        if os.path.getsize(path) == 0 or not os.path.isfile(path):
            return None
        old = _name_for_old(path)
        os.rename(path, old)
    except EnvironmentError as error:
        if error.errno == errno.ENOENT:
            return None
        raise BulkError("%s is there from an earlier import, and cannot be given another name: "
                        "%s; move it away" % (path, error.strerror))
    return old


def stamp_of(path):
    # type: (Text) -> list | None
    """Return JSON by which it is seen that a file was changed; None if there is none."""
    try:
        found = os.stat(path)
    except EnvironmentError:
        return None
    return [found.st_size, found.st_mtime]


def _name_for_old(path):
    """Return a name that no file has, or one with the same content: ``.old``, ``.old2``..."""
    old, number = path + ".old", 2
    while os.path.exists(old) and not filecmp.cmp(path, old, shallow=False):
        old, number = "%s.old%d" % (path, number), number + 1
    return old


def _is_text(name):
    """Say whether a name can be written into a report; on Python 3 all can."""
    try:
        to_unicode(name)
    except UnicodeError:
        return False
    return True


def _base(source):
    """Return the path beside which files are written, which may not exist."""
    if source == "-":
        return STANDARD_INPUT
    if is_fetched(source):
        path = source.split("://", 1)[1].split("?", 1)[0].split("#", 1)[0]
        name = path.rsplit("/", 1)[1] if "/" in path else ""
        safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in name).strip(".")
        return safe or "download"
    return source


def _split(base):
    """Split ``hosts.csv`` into ``hosts`` and ``.csv``, for rejects.

    Of ``hosts.csv.gz`` all is before ``.csv``: rejects are written plain, and those of
    ``hosts.csv`` have another name.
    """
    folder, name = os.path.split(base)
    if name.lower().endswith(".gz"):
        return base, os.path.splitext(name[:-3])[1]
    stem, ending = os.path.splitext(name)
    return os.path.join(folder, stem), ending


def _check(files):
    reasons = []
    seen = {}
    for name, path in zip(files._fields, files):
        if path is None or (name == "source" and _base(path) != path):
            continue
        if name != "source" and os.path.isdir(path):
            reasons.append("%s is a folder, the %s needs the name of a file" % (path, name))
        place = os.path.realpath(path)
        if place in seen:
            reasons.append("the %s and the %s are both %s: name another file"
                           % (seen[place], name, path))
        seen[place] = name
    if reasons:
        raise BulkError(reasons)


def _refusal(folder, names, error):
    if error.errno == errno.ENOENT:
        return "the folder %s of the %s does not exist: make it" % (folder, _listed(names))
    return "the %s cannot be written in the folder %s: %s; name other places with %s" % (
        _listed(names), folder, error.strerror, _listed(["--" + name for name in names]))


def _listed(names):
    """Return words as a sentence has them: ``one, two and three``."""
    return " and ".join([", ".join(names[:-1])] * (len(names) > 1) + names[-1:])
