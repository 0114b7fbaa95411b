"""RunnerSettings: what the gateway tells the jobs runner, as a line of JSON; what both know."""

from __future__ import absolute_import, division, print_function

import collections
import json

from tornado.escape import native_str, utf8

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: Seconds that imports get for the batches under way when the gateway stops; what they have not
#: finished then is sent again by the next runner, as imports with keys allow.
STOP_TIMEOUT = 8.0

#: ``upstreams`` (list of text): addresses of the CMDB; ``org``, ``user`` (text): for whom it is
#: called where a job says nothing else; ``ca``, ``cert``, ``cert_key`` (text, or empty): absolute
#: paths of files for TLS; ``at_once`` (int): jobs that run at the same time; ``keep_seconds``
#: (float): after their end jobs are removed; ``logging``, ``log_format`` (text); ``delay`` (float
#: seconds): before it starts anything.
RunnerSettings = collections.namedtuple(
    "RunnerSettings",
    "upstreams org user ca cert cert_key at_once keep_seconds logging log_format delay")


def to_line(settings):
    # type: (RunnerSettings) -> bytes
    """Return the settings as one line."""
    return utf8(json.dumps(settings._asdict())) + b"\n"


def from_line(line):
    # type: (bytes) -> RunnerSettings
    """Return the settings that a line has. Raises: ValueError, TypeError: it is no such line."""
    values = json.loads(line.decode("utf-8"))
    if not isinstance(values, dict):
        raise ValueError("no object")
    return RunnerSettings(**{native_str(name): value for name, value in values.items()})
