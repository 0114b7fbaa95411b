"""The checks: what a gateway must achieve under load, whatever happens to it."""

from __future__ import absolute_import, division, print_function

from benchmarks.soak import memory, outcomes
from benchmarks.soak.schedule import TITLES

#: Requests that must be under way or sent during each event: else that none fails shows nothing.
LEAST = 50


def checked(run):
    # type: (dict[str, Any]) -> list[tuple[bool, str]]
    """Return (whether it is met, a line) for each check of a run, see ``py3/run.py``."""
    found = []
    for lane, counts in run["lanes"].items():
        found.append((counts["failed"] == 0 < counts[outcomes.ANSWERED],
                      "%s: %d of %d requests failed by our fault" % (
                          lane, counts["failed"], counts["sent"])))
    for event in run["events"]:
        title = TITLES[event["name"]]
        if event["error"]:
            found.append((False, "%s: %s" % (title, event["error"])))
        sent = event["requests"]["sent"]
        if sent < LEAST:
            found.append((False, "%s: only %d requests were under way" % (title, sent)))
    if any(event["name"] == "kill" for event in run["events"]):
        held, busy = run["killed"]
        failed = sum(counts[outcomes.KILLED] for counts in run["lanes"].values())
        found.append((failed <= held, "%d requests failed in the killed worker, which held %d "
                      "connections and had %d requests" % (failed, held, busy)))
    return found + of_all(run)


def of_all(run):
    # type: (dict[str, Any]) -> list[tuple[bool, str]]
    """Return the checks that are not of a lane or of an event."""
    return [_stored(run)] + _memory(run)


def _stored(run):
    stored, doubtful = run["stored"], run["doubtful"]
    line = "%d hosts were imported with success, and %d imports failed; the CMDB has %d" % (
        stored, doubtful, run["found"])
    return stored <= run["found"] <= stored + doubtful, line


def _memory(run):
    """Nothing in a run that is too short to say anything."""
    growths = [memory.Growth(*growth) for growth in run["memory"]]
    if not growths:
        long_enough = run["seconds"] >= 2 * (memory.WARM + memory.WATCHED)
        return [(False, "no worker lived long enough to measure its memory")] * long_enough
    most = max(growths, key=lambda growth: growth.kib)
    return [(most.kib <= memory.LIMIT_KIB, "of %d workers none grew by more than %.1f MB in %.0f s "
             "(%d MB are allowed)" % (
                 len(growths), most.kib / 1024.0, most.seconds, memory.LIMIT_KIB // 1024))]
