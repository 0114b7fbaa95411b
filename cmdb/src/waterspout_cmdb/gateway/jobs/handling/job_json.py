"""A job as its clients see it."""

from __future__ import absolute_import, division, print_function

import collections
import hashlib
import json
import time

from tornado.escape import utf8

from waterspout_cmdb.gateway.jobs.storing.job import BROKEN_OFF, ENDED, RUNNING, is_refused

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Text, Tuple  # noqa: F401

    from waterspout_cmdb.gateway.jobs.storing.job import Job  # noqa: F401

#: Where jobs are.
PATH = "/cmdb/jobs"


def job_json(job):
    # type: (Job) -> Dict[str, Any]
    """Return the value of a job, in the order in which it is sent."""
    where = "%s/%s" % (PATH, job.id)
    links = [("self", where)]
    if job.state in ENDED:
        if job.counts.get(u"rejected"):
            links.append(("rejects", where + "/rejects"))
        links.append(("report", where + "/report"))
        if job.state in BROKEN_OFF and not is_refused(job, job.counts):
            links.append(("resume", where + "/resume"))
    else:
        links.append(("events", where + "/events"))
    waits_for = [] if job.waiting is None else [("waits_for", collections.OrderedDict([
        ("what", job.waiting.what), ("jobs_before", job.waiting.before)]))]
    return collections.OrderedDict([
        ("id", job.id), ("object", job.object_id), ("state", shown_state(job))] + waits_for + [
        ("file", job.filename), ("size", job.size), ("options", job.options),
        ("created", _time(job.created)), ("started", _time(job.started)),
        ("ended", _time(job.ended)), ("counts", job.counts), ("error", job.error),
        ("links", collections.OrderedDict(links))])


def shown_state(job):
    # type: (Job) -> Text
    """Return its state; ``stopping`` for one that runs and was told to stop."""
    return u"stopping" if job.state == RUNNING and job.stopping else job.state


def event_of(job):
    # type: (Job) -> Tuple[str, bytes]
    """Return the id of the event that tells how far a job is, and the event.

    The id is made of the content: each process gives the same, and a client that comes back with it
    has seen the event.
    """
    text = json.dumps(job_json(job))
    event_id = hashlib.sha256(utf8(text)).hexdigest()[:16]
    name = "end" if job.state in ENDED else "progress"
    return event_id, utf8("id: %s\nevent: %s\ndata: %s\n\n" % (event_id, name, text))


def _time(seconds):
    # type: (Optional[float]) -> Optional[str]
    return None if seconds is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
