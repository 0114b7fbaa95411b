"""Import jobs: files that are uploaded, and imported by processes of their own."""

from __future__ import absolute_import, division, print_function

import errno
import os
import stat

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout_cmdb.command_line.option import ANY_TEXT, BadOption, between, option
from waterspout_cmdb.gateway.jobs.handling.jobs_access import JobsAccess
from waterspout_cmdb.gateway.jobs.running.runner_child import RunnerChild
from waterspout_cmdb.gateway.jobs.running.runner_settings import RunnerSettings
from waterspout_cmdb.gateway.jobs.storing.job_store import JobStore
from waterspout_cmdb.gateway.jobs.storing.jobs_database import FILE, JobStoreError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional, Sequence  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

_HOUR = 3600.0

OPTIONS = (
    option("jobs_dir", basestring_type, "", "DIR",
           "accept import jobs, POST /cmdb/jobs/import/<object_id>, and keep them in this folder; "
           "empty: there are none", ANY_TEXT, fixed=True),
    option("jobs_at_once", int, 2, "N",
           "jobs that run at once, each in a process of its own", between(1, 64)),
    option("jobs_per_tenant", int, 20, "N",
           "jobs of one client that wait or run; further ones get 429; 0: no limit",
           between(0, 1000000)),
    option("max_upload_bytes", int, 1 << 30, "BYTES",
           "longer files are refused", between(1, 2 ** 50)),
    option("keep_jobs", float, 168.0, "HOURS",
           "how long jobs that have ended are kept, with their rejected rows", between(0, 87600)),
)  # fmt: skip


def check(options):
    # type: (OptionParser) -> None
    """Check the folder and the jobs in it, without making anything.

    Raises: BadOption.
    """
    folder = native_str(options.jobs_dir)
    if not folder:
        return
    if os.path.isdir(folder):
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise BadOption("jobs_dir: %s cannot be written" % folder)
        if os.stat(folder).st_mode & stat.S_IWOTH:  # They could have our processes do anything.
            raise BadOption("jobs_dir: every user can write to %s; chmod o-w it, or name a folder "
                            "in it that is not there yet" % folder)
        if os.path.exists(os.path.join(folder, FILE)):
            _open(folder)
    elif os.path.exists(folder):
        raise BadOption("jobs_dir: %s is not a folder" % folder)
    else:
        above = os.path.dirname(os.path.abspath(folder))
        if not os.access(above, os.W_OK | os.X_OK):
            raise BadOption("jobs_dir: %s is not there, and cannot be made in %s" % (folder, above))


def prepare(options):
    # type: (OptionParser) -> None
    """Make the folder and the list of jobs, unless they are there.

    Raises: BadOption: that cannot be done, or the list cannot be used.
    """
    folder = native_str(options.jobs_dir)
    if not folder:
        return
    try:
        os.mkdir(folder, 0o700)
    except EnvironmentError as error:
        if error.errno != errno.EEXIST:
            raise BadOption("jobs_dir: %s cannot be made: %s" % (folder, error.strerror))
    check(options)
    _open(folder)


def access(options):
    # type: (OptionParser) -> Optional[JobsAccess]
    """Return what the handlers of a process need; None without jobs."""
    if not options.jobs_dir:
        return None
    return JobsAccess(os.path.abspath(native_str(options.jobs_dir)), options.org,
                      options.max_upload_bytes, options.jobs_per_tenant)


def runner_settings(options, upstreams):
    # type: (OptionParser, Sequence[str]) -> RunnerSettings
    """Return what the options mean for the jobs runner."""
    paths = [os.path.abspath(native_str(path)) if path else "" for path in (
        options.upstream_ca, options.upstream_cert, options.upstream_key)]
    return RunnerSettings(
        [native_str(each) for each in upstreams], "%s" % options.org, native_str(options.user),
        paths[0], paths[1], paths[2], options.jobs_at_once, options.keep_jobs * _HOUR,
        native_str(options.logging), native_str(options.log_format), 0.0)


def runner(options, upstreams):
    # type: (OptionParser, Sequence[str]) -> Optional[RunnerChild]
    """Return the jobs runner, which is not started; None without jobs."""
    if not options.jobs_dir:
        return None
    return RunnerChild(os.path.abspath(native_str(options.jobs_dir)),
                       runner_settings(options, upstreams))


def _open(folder):
    try:
        JobStore(folder, busy_timeout=1.0).close()
    except JobStoreError as error:
        if not error.is_busy:
            raise BadOption("jobs_dir: %s" % error)
