"""Removes the files of jobs that are old or removed, and of uploads that were broken off."""

from __future__ import absolute_import, division, print_function

import logging
import os
import time

from tornado.escape import to_unicode

from waterspout_cmdb.gateway.jobs.storing.file_lock import try_lock
from waterspout_cmdb.gateway.jobs.storing.job import is_id
from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore  # noqa: F401

#: Seconds in which an upload has locked its folder after it has made it.
_NEW = 60.0

#: The upload stays of so many jobs of one client that have failed or were stopped, the newest, and
#: for so many seconds.
KEPT_UPLOADS, KEPT_SECONDS = 5, 24 * 3600.0

_log = logging.getLogger("waterspout.cmdb")


def remove_removed(jobs_dir, store):
    # type: (str, JobStore) -> None
    """Remove the files of jobs that were removed. Raises: JobStoreError."""
    removed = store.removed()
    for job_id in removed:
        _remove(JobFiles(jobs_dir, job_id))  # What cannot be removed now is a stray folder later.
    if removed:
        store.forget(removed)


def tidy(jobs_dir, store, keep_seconds):
    # type: (str, JobStore, float) -> None
    """Let old jobs be removed, and remove folders of no job, and uploads beyond those kept.

    Raises: JobStoreError.
    """
    store.expire(keep_seconds)
    for job_id, ended in store.past_uploads(KEPT_UPLOADS, KEPT_SECONDS):
        _drop_upload(JobFiles(jobs_dir, job_id), store, job_id, ended)
    names = [name for name in os.listdir(jobs_dir) if is_id(to_unicode(name))]
    known = set(store.ids())  # After the names: an upload makes its folder first.
    for name in names:
        if to_unicode(name) not in known:
            _remove_stray(jobs_dir, name, store)


def _remove_stray(jobs_dir, name, store):
    files = JobFiles(jobs_dir, name)
    try:
        if time.time() - os.stat(files.folder).st_mtime < _NEW:
            return
        lock = try_lock(files.upload_lock)
    except EnvironmentError:
        return  # Its upload was broken off just now, and has removed it.
    if lock is None:
        return
    try:
        if to_unicode(name) not in store.ids():
            _log.info("Removing %s, of an upload that was broken off", name)
            _remove(files)
    finally:
        os.close(lock)


def _drop_upload(files, store, job_id, ended):
    def drop():
        try:
            files.remove_input()
        except EnvironmentError as error:
            _log.warning("Cannot remove uploads in %s: %s", files.folder, error)

    try:
        is_left = files.has_input()
    except EnvironmentError:
        is_left = True  # `drop` tells.
    # Of most jobs nothing is left. For the others clients that write wait, one file at a time: to
    # remove a large one takes a while.
    if is_left:
        store.drop_upload(job_id, ended, drop)


def _remove(files):
    try:
        files.remove()
    except EnvironmentError as error:
        _log.warning("Cannot remove %s: %s", files.folder, error)
