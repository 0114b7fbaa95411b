"""What a client may see of a job: neither addresses of the CMDB nor names of our own files."""

from __future__ import absolute_import, division, print_function

import collections
import io
import json
import os
import re

from tornado.escape import to_unicode
from tornado.util import unicode_type

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, Text  # noqa: F401

    from waterspout_cmdb.gateway.jobs.storing.job import Job  # noqa: F401
    from waterspout_cmdb.gateway.jobs.storing.job_files import JobFiles  # noqa: F401

_SCHEME = re.compile(u"^https?://")


def without_addresses(text, upstreams):
    # type: (Text, Iterable[Text]) -> Text
    """Return a text in which the CMDB is called so, as in the gateway's own errors."""
    for upstream in upstreams:
        address = re.escape(_SCHEME.sub(u"", to_unicode(upstream)).rstrip(u"/"))
        text = re.sub(u"(?:CMDB )?(?:https?://)?(?<![\\w.-])%s(?![\\w.-])" % address, u"CMDB", text)
    return text


def with_its_name(text, job, files):
    # type: (Text, Job, JobFiles) -> Text
    """Return a text in which the uploaded file is called as its client has called it."""
    if not job.suffix or not job.filename:
        return text  # Without a suffix it is a word like others.
    upload = to_unicode(os.path.basename(files.upload(job.suffix)))
    return re.sub(
        u"(?<![\\w./-])%s(?![\\w-]|\\.\\w)" % re.escape(upload), lambda _: job.filename, text)


def clean_report(path, job, files, upstreams):
    # type: (str, Job, JobFiles, Iterable[Text]) -> None
    """Rewrite the report of an import: it names the file as its client has, and none of ours.

    Raises: EnvironmentError; ValueError: it is no report.
    """
    with io.open(path, encoding="utf-8") as file:
        text = without_addresses(file.read(), upstreams)
    report = json.loads(text, object_pairs_hook=collections.OrderedDict)
    if not isinstance(report, dict):
        raise ValueError("it is no object")
    report["source"] = job.filename
    if isinstance(report.get("error"), unicode_type):
        report["error"] = with_its_name(report["error"], job, files)
    report.pop("files", None)
    with io.open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(to_unicode(json.dumps(report, indent=2, separators=(",", ": "))) + u"\n")
    os.rename(path + ".tmp", path)
