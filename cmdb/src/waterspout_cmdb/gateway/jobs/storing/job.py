"""Job: one import, as the store has it."""

from __future__ import absolute_import, division, print_function

import binascii
import collections
import os
import re

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Text  # noqa: F401

#: It waits for its turn; a process works on it; or it has ended in one of three ways.
QUEUED, RUNNING, DONE, FAILED, STOPPED = STATES = (
    u"queued", u"running", u"done", u"failed", u"stopped")

#: States in which nothing more happens.
ENDED = frozenset([DONE, FAILED, STOPPED])

#: One import.
#:
#: ``id`` (text); ``number`` (int): its place in the order of uploads; ``tenant``: see below;
#: ``user`` (text): for whom the CMDB is called, empty for that of the gateway;
#: ``object_id`` (text); ``options`` (dict of text to text, True or list of text): of the import;
#: ``filename`` (text): as the client has named it, for people only; ``suffix`` (text): of the file
#: in the job's folder; ``size`` (int bytes): of the file; ``state``: one of `STATES`;
#: ``stopping`` (bool): it was told to stop; ``attempts`` (int): processes that were started for it;
#: ``crashes`` (int): how many of them a signal has ended; ``pid`` (int or None): of the last one;
#: ``created``, ``started``, ``ended`` (float seconds since 1970, or None); ``error`` (text or
#: None): why it has failed; ``counts`` (dict of text to int; ``stage`` is text): of its journal;
#: ``waiting`` (Waiting or None): what it waits for, where clients are told about a queued job.
Job = collections.namedtuple(
    "Job", "id number tenant user object_id options filename suffix size state stopping attempts "
    "crashes pid created started ended error counts waiting")

#: Whose jobs they are: ``org`` and ``client``, the id of an API key, both text; others do not see
#: them. Without keys ``client`` is empty.
Tenant = collections.namedtuple("Tenant", "org client")

#: In these it may be possible to go on.
BROKEN_OFF = frozenset([FAILED, STOPPED])

_ID = re.compile(u"[0-9a-f]{32}\\Z")


def new_id():
    # type: () -> str
    """Return an id that cannot be guessed, and that can be the name of a folder."""
    return binascii.hexlify(os.urandom(16)).decode("ascii")


def is_refused(job, counts):
    # type: (Job, Dict[Text, Any]) -> bool
    """Whether a job can only fail, however often: it sends all rows or none, and some are rejected.

    Args:
        counts: as in `Job`.
    """
    return bool(job.options.get("all_or_nothing") and counts.get("rejected")
                and not counts.get("sent"))


def is_id(text):
    # type: (str) -> bool
    """Whether a text of a client may be an id. Only such a text may be part of a path."""
    return _ID.match(text) is not None
