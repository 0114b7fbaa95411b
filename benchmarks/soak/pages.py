"""What docs/operating.md shows of a soak; `benchmarks.pages` writes it."""

from __future__ import absolute_import, division, print_function

from benchmarks.soak import checks, outcomes
from benchmarks.soak.schedule import TITLES
from benchmarks.table import compact


def details(all_results):
    # type: (list[dict[str, Any]]) -> str
    """The runs of each soak: rates, ways and events."""
    return u"\n".join(part for results in all_results for run in results["runs"]
                      for part in (headline(run, results["facts"]), ways(run), events(run)))


def headline(run, facts):
    # type: (dict[str, Any], dict[str, Any]) -> str
    sent = sum(counts["sent"] for counts in run["lanes"].values())
    machine = facts["machine"]
    return (
        u"### %s\n\n%s, %d cores, load %.1f before: %d requests in %.0f s, %.0f a second.%s\n" % (
            run["title"][0].upper() + run["title"][1:], machine["cpu"], machine["cores"],
            machine["load"], sent, run["seconds"], sent / run["seconds"],
            u"".join(u" " + line + u"." for line in notes(run))))


def notes(run):
    # type: (dict[str, Any]) -> list[str]
    """What checks say of all requests and of memory."""
    return [line[0].upper() + line[1:] for _, line in checks.of_all(run)]


def ways(run):
    # type: (dict[str, Any]) -> str
    rows = [[u"way", u"requests", u"answered", u"the CMDB was away", u"in the killed worker",
             u"failed"]]
    rows += [[u"%s" % lane] + numbers(counts) for lane, counts in run["lanes"].items()]
    return compact(rows)


def events(run):
    # type: (dict[str, Any]) -> str
    rows = [[u"during", u"requests", u"answered", u"the CMDB was away", u"in the killed worker",
             u"failed", u"took, s", u""]]
    rows += [[u"%s" % TITLES[event["name"]]] + numbers(event["requests"])
             + [u"%.1f" % (event["ended"] - event["begun"]), event["error"] or event["note"]]
             for event in run["events"]]
    return compact(rows)


def numbers(counts):
    # type: (dict[str, int]) -> list[str]
    kinds = u", ".join(u"%d %s" % (counts[kind], kind)
                       for kind in outcomes.FAILURES if counts[kind])
    return [u"%d" % counts[column] for column in (
        "sent", outcomes.ANSWERED, outcomes.UPSTREAM, outcomes.KILLED)] + [
            u"%d: %s" % (counts["failed"], kinds) if kinds else u"0"]
