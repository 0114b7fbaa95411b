"""The command that carries out one job: arguments and environment."""

from __future__ import absolute_import, division, print_function

import os
import sys

from tornado.escape import native_str, to_unicode, utf8
from tornado.util import basestring_type

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, List, Mapping, Text  # noqa: F401

    from waterspout_cmdb.gateway.jobs.running.runner_settings import (  # noqa: F401
        RunnerSettings,
    )
    from waterspout_cmdb.gateway.jobs.storing.job import Job  # noqa: F401
    from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles  # noqa: F401

#: Seconds for which the CMDB may be away; then a job has failed, and a client has to resume it.
PATIENCE = 3600

#: Variables of the gateway begin so; they would be taken for those of the import.
_OWN = "WATERSPOUT_"

#: Variables that are options of the import.
_OF_IMPORT = "WATERSPOUT_BULK_"


def command_of(job, files):
    # type: (Job, JobFiles) -> List[bytes]
    """Return the command line, which has nothing that is secret.

    It is to be run in the folder of the job: its messages name files without their folder.
    """
    name = os.path.basename(files.upload(job.suffix))
    arguments = [
        sys.executable, "-m", "waterspout_cmdb", "import", name,
        "--object=" + native_str(job.object_id), "--quiet", "--patience=%d" % PATIENCE]
    for option, value in sorted(job.options.items()):
        flag = "--" + native_str(option).replace("_", "-")
        if value is True:
            arguments.append(flag)
        else:
            values = [value] if isinstance(value, basestring_type) else value
            arguments += ["%s=%s" % (flag, native_str(each)) for each in values]
    # Under one name, whatever the upload ends with; and a dry run writes none by itself.
    stem, _, ending = name.partition(".")
    ending = "." + ending if ending else ""
    ending = ending[:-3] if ending.endswith(".gz") else ending
    arguments += ["--rejects=%s.rejects%s" % (stem, ending), "--report=%s.report.json" % stem]
    if not job.options.get("dry_run"):
        arguments.append("--resume")  # Without a journal it begins.
    return [utf8(each) for each in arguments]


def target_of(job, settings):
    # type: (Job, RunnerSettings) -> Text
    """Return where the command sends rows, and for whom: an import goes on only with the same."""
    return u"%s %s %s" % (
        u",".join(map(to_unicode, settings.upstreams)), to_unicode(job.tenant.org or settings.org),
        to_unicode(job.user or settings.user))


def environment_of(job, settings, environment):
    # type: (Job, RunnerSettings, Mapping[str, str]) -> Dict[str, str]
    """Return the environment of the command: other users cannot see it.

    Args:
        environment: that of the jobs runner.
    """
    own = {name: value for name, value in environment.items() if not name.startswith(_OWN)}
    values = {
        "UPSTREAM": ",".join(settings.upstreams),
        "ORG": job.tenant.org or settings.org,
        "USER": job.user or settings.user,
        "CA": settings.ca,
        "CERT": settings.cert,
        "CERT_KEY": settings.cert_key,
    }
    own.update((_OF_IMPORT + name, native_str(value)) for name, value in values.items() if value)
    own["PYTHONUTF8"] = "1"  # The arguments are in UTF-8, whatever the locale.
    return own
