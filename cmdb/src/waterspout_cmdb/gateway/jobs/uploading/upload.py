"""Upload: a file that arrives, in a job's folder; nothing is left of one that is broken off."""

from __future__ import absolute_import, division, print_function

import os

from waterspout_cmdb.gateway.jobs.storing.file_lock import try_lock
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Text  # noqa: F401


class Upload(object):
    """Writes a file. Every method may wait for the disk.

    Args:
        jobs_dir (native str): the folder of all jobs.
        job_id (text): a new one.
    Attributes:
        size (int bytes): that were written.
    Raises, here and in `write` and `finish`: EnvironmentError.
    """

    def __init__(self, jobs_dir, job_id):
        # type: (str, Text) -> None
        self.size = 0
        self._files = JobFiles(jobs_dir, job_id)
        self._file = self._lock = None
        self._files.make()
        try:
            self._lock = try_lock(self._files.upload_lock)
            self._file = open(self._files.upload(u""), "wb")
        except BaseException:
            self.discard()
            raise

    def __repr__(self):
        # type: () -> str
        return "<Upload %d bytes>" % self.size

    def write(self, data):
        # type: (bytes) -> None
        """Write the next bytes."""
        self._file.write(data)
        self._file.flush()
        self.size += len(data)

    def finish(self, suffix):
        # type: (Text) -> None
        """The file is complete, and is on the disk when this returns; `release` it then."""
        os.fsync(self._file.fileno())
        self._file.close()
        path = self._files.upload(suffix)
        if suffix:
            os.rename(self._files.upload(u""), path)
        folder = os.open(self._files.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def release(self):
        # type: () -> None
        """The store has the job: it is not an upload any more."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def discard(self):
        # type: () -> None
        """Remove it."""
        if self._file is not None:
            try:
                self._file.close()
            except EnvironmentError:
                pass  # The disk is full: what was not written is not wanted.
        try:
            self._files.remove()
        finally:
            self.release()
