"""JobFiles: the folder of one job, and the names of the files in it."""

from __future__ import absolute_import, division, print_function

import errno
import io
import os

from tornado.escape import native_str

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional, Text  # noqa: F401

#: What the name of an uploaded file may end with; the client's own name is in no path.
SUFFIXES = tuple(
    u"." + name + more for name in ("csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx")
    for more in ("", ".gz"))

#: The uploaded file, without its suffix. The import names the files beside it after it.
_UPLOAD = "upload"

#: With which the names of results begin; what the import has put aside has them, too.
_REJECTS, _REPORT = _UPLOAD + ".rejects", _UPLOAD + ".report."

#: In the names of what an import writes.
_RECORDS = (".journal", ".rejects", ".report.")

#: Bytes at the end of what a process has written to stderr, which say why it failed.
_TAIL = 8192


class JobFiles(object):
    """The files of one job.

    Args:
        jobs_dir (native str): the folder of all jobs.
        job_id (text): as `is_id` accepts it.
    """

    def __init__(self, jobs_dir, job_id):
        # type: (str, Text) -> None
        self.folder = os.path.join(jobs_dir, native_str(job_id))

    def __repr__(self):
        # type: () -> str
        return "<JobFiles %s>" % os.path.basename(self.folder)

    def make(self):
        # type: () -> None
        """Make the folder, for this user alone."""
        os.mkdir(self.folder, 0o700)

    def upload(self, suffix):
        # type: (Text) -> str
        """The uploaded file."""
        return os.path.join(self.folder, _UPLOAD + native_str(suffix))

    def journal(self, suffix):
        # type: (Text) -> str
        """The journal of the import."""
        return self.upload(suffix) + ".journal"

    @property
    def lock(self):
        # type: () -> str
        """Is locked while a process works on the job."""
        return os.path.join(self.folder, "lock")

    @property
    def upload_lock(self):
        # type: () -> str
        """Is locked while the file arrives."""
        return os.path.join(self.folder, "upload.lock")

    @property
    def output(self):
        # type: () -> str
        """What the process writes to stderr."""
        return os.path.join(self.folder, "output.txt")

    def rejects(self):
        # type: () -> Optional[str]
        """The rejected rows, in the format of the upload; None if there is no such file."""
        return self._beginning_with(_REJECTS)

    def report(self):
        # type: () -> Optional[str]
        """The report; None if there is none."""
        return self._beginning_with(_REPORT)

    def output_tail(self):
        # type: () -> Text
        """The last lines of `output`."""
        try:
            with open(self.output, "rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - _TAIL))
                return file.read().decode("utf-8", "replace")
        except EnvironmentError:
            return u""

    def note_target(self, target):
        # type: (Text) -> None
        """Note where rows are sent from now on. What is recorded of another place is removed.

        Raises: EnvironmentError.
        """
        path = os.path.join(self.folder, "target.txt")
        if os.path.exists(path):
            with io.open(path, encoding="utf-8") as file:
                if file.read() == target:
                    return
            for name in self._names():
                if name.startswith(_UPLOAD) and any(part in name for part in _RECORDS):
                    _remove(os.path.join(self.folder, name))
        with io.open(path + ".tmp", "w", encoding="utf-8") as file:
            file.write(target)
        os.rename(path + ".tmp", path)

    def has_input(self):
        # type: () -> bool
        """Whether there is anything that `remove_input` removes. Raises: EnvironmentError."""
        return any(map(_is_input, self._names()))

    def remove_input(self):
        # type: () -> None
        """Remove what is of no use if the job cannot go on: all but rejected rows and report."""
        for name in filter(_is_input, self._names()):
            _remove(os.path.join(self.folder, name))

    def remove_rejects(self):
        # type: () -> None
        """Remove the rejected rows, of which none is left."""
        for name in self._names():
            if name.startswith(_REJECTS):
                _remove(os.path.join(self.folder, name))

    def remove(self):
        # type: () -> None
        """Remove the folder with all files; a no-op if it is not there."""
        for name in self._names():
            _remove(os.path.join(self.folder, name))
        try:
            os.rmdir(self.folder)
        except EnvironmentError as error:
            if error.errno != errno.ENOENT:
                raise

    def _beginning_with(self, prefix):
        for name in sorted(self._names()):
            if name.startswith(prefix) and not name.endswith((".tmp", ".part")):
                return os.path.join(self.folder, name)
        return None

    def _names(self):
        try:
            return os.listdir(self.folder)
        except EnvironmentError as error:
            if error.errno != errno.ENOENT:
                raise
            return []


def suffix_of(filename):
    # type: (Text) -> Text
    """The one of `SUFFIXES` that a client's name ends with; empty if it ends with none."""
    name = filename.lower()
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return suffix
    return u""


def _is_input(name):
    return not name.startswith((_REJECTS, _REPORT))


def _remove(path):
    try:
        os.remove(path)
    except EnvironmentError as error:
        if error.errno != errno.ENOENT:
            raise
