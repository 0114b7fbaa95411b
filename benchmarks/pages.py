"""Write what benchmarks/results hold into README.md, four pages of docs/, and three charts.

    python -m benchmarks.pages

Each page has a block of it, between two comments; README.md has one for clients and one for
servers. A test checks that the pages agree with the results.
"""

from __future__ import absolute_import, division, print_function

import collections
import io
import json
import os

from benchmarks import cases, chart, clients, table
from benchmarks.options import pages as options_pages
from benchmarks.outage import pages as outage_pages
from benchmarks.outage.results import Results as OutageResults
from benchmarks.results import Results
from benchmarks.servers import pages as servers_pages
from benchmarks.servers.results import Results as ServerResults
from benchmarks.soak import pages as soak_pages
from benchmarks.targets import COST, SPEED

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: Whose results are shown; the first is the newest Python.
SAVED = tuple(os.path.join(ROOT, "benchmarks", "results", name + ".json")
              for name in ("3.11", "2.7"))
SAVED_SERVERS = tuple(os.path.join(ROOT, "benchmarks", "results", "servers-" + name + ".json")
                      for name in ("3.11", "2.7"))
SAVED_OUTAGE = os.path.join(ROOT, "benchmarks", "results", "outage-3.11.json")
SAVED_SOAK = tuple(os.path.join(ROOT, "benchmarks", "results", "soak-" + name + ".json")
                   for name in ("3.11", "2.7"))
SAVED_OPTIONS = os.path.join(ROOT, "benchmarks", "results", "options-3.11.json")

#: What begins a block of clients, one of servers, of outages, of soaks, and of options.
_BEGIN = u"<!-- written by python -m benchmarks.pages -->\n"
_BEGIN_SERVERS = u"<!-- servers: written by python -m benchmarks.pages -->\n"
_BEGIN_OUTAGE = u"<!-- outage: written by python -m benchmarks.pages -->\n"
_BEGIN_SOAK = u"<!-- soak: written by python -m benchmarks.pages -->\n"
_BEGIN_OPTIONS = u"<!-- options: written by python -m benchmarks.pages -->\n"
_END = u"<!-- end of what is written -->\n"

_OURS = "session-pooled"

#: The rows of README's table.
_IN_README = ("sdk", "post-json", "get-json", "get")

#: Kinds of call that all clients make; the first that was measured is shown with all of them.
_BY_ALL = ("sdk", "get")

_COST = u"\u00b5s of CPU"


def main():
    # type: () -> None
    for path, content in saved_pages().items():
        with io.open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)


def saved_pages():
    # type: () -> dict[str, str]
    """Return path -> what the file has to hold."""
    found = pages(list(map(Results.load, SAVED)), list(map(ServerResults.load, SAVED_SERVERS)))
    outage, docs = OutageResults.load(SAVED_OUTAGE), os.path.join(ROOT, "docs")
    page = os.path.join(docs, "outage.md")
    found[page] = with_block(read(page), outage_pages.details(outage), _BEGIN_OUTAGE)
    found[os.path.join(docs, "outage.svg")] = outage_pages.chart(outage)
    page = os.path.join(docs, "operating.md")
    text = with_block(
        read(page), soak_pages.details(list(map(_loaded, SAVED_SOAK))), _BEGIN_SOAK)
    found[page] = with_block(text, options_pages.details(_loaded(SAVED_OPTIONS)), _BEGIN_OPTIONS)
    return found


def _loaded(path):
    # type: (str) -> dict[str, Any]
    return json.loads(read(path), object_pairs_hook=collections.OrderedDict)


def pages(all_results, all_servers):
    # type: (list[Results], list[ServerResults]) -> dict[str, str]
    """Return path -> what the file holds with these results."""
    docs = os.path.join(ROOT, "docs")
    readme, speed = os.path.join(ROOT, "README.md"), os.path.join(docs, "speed.md")
    server_speed = os.path.join(docs, "server-speed.md")
    return {
        readme: with_block(
            with_block(read(readme), summary(all_results)),
            servers_pages.summary(all_servers), _BEGIN_SERVERS),
        speed: with_block(read(speed), u"\n".join(map(details, all_results))),
        server_speed: with_block(
            read(server_speed), u"\n".join(map(servers_pages.details, all_servers)),
            _BEGIN_SERVERS),
        os.path.join(docs, "speed.svg"): u"%s" % chart.chart(all_results),
        os.path.join(docs, "gateway-speed.svg"): servers_pages.chart(all_servers),
    }


def read(path):
    # type: (str) -> str
    with io.open(path, encoding="utf-8") as file:
        return file.read()


def with_block(page, block, begin=_BEGIN):
    # type: (str, str, str) -> str
    """Return the page with this block in place of the last one."""
    before, _, rest = page.partition(begin)
    after = rest.partition(_END)[2]
    return before + begin + block + _END + after


def summary(all_results):
    # type: (list[Results]) -> str
    """README's table: our calls/s multiplied, our CPU divided by the peer's."""
    heads = [u"Python %s, beside %s" % (results.facts["python"], peer_title(results))
             for results in all_results]
    rows = [[u"64 concurrent calls"] + heads]
    for kind in kinds_of(_IN_README, all_results):
        rows.append([u"%s" % kind.title] + [
            factors(results, kind, peer(results)) for results in all_results])
    return table.compact(rows)


def details(results):
    # type: (Results) -> str
    """All kinds of call on one Python, then all clients on one of these, then the targets."""
    facts, kinds = results.facts, kinds_of([kind.name for kind in cases.KINDS], [results])
    machine = facts["machine"]
    peers = [name for name in table.BASELINES if any(
        name in results.clients(kind.name + "-64") for kind in kinds)]
    rows = [[u"Python %s, 64 concurrent" % facts["python"], u"calls/s", _COST] + [
        u"beside %s" % title(results, name) for name in peers]]
    for kind in kinds:
        rows.append([u"%s" % kind.title] + numbers(results, _OURS, kind) + [
            factors(results, kind, name) for name in peers])
    kind = kinds_of(_BY_ALL, [results])[0]
    others = [[u"%s" % kind.title, u"calls/s", _COST, u"peak MiB"]] + [
        [title(results, name)] + numbers(results, name, kind) + [
            u"%.0f" % results.median(name, kind.name + "-64", "peak_mib")]
        for name in results.clients(kind.name + "-64")]
    return (
        u"### Python %s\n\n"
        u"%s, %d cores, %s, %s; medians of %d interleaved rounds, load %.1f at the start.\n\n"
        u"%s\n%s\n%s\n" % (
            facts["python"], machine["cpu"], machine["cores"], machine["system"],
            facts["upstream"], facts["rounds"], machine["load"], table.compact(rows),
            table.compact(others), table.target_table(results)))


def kinds_of(names, all_results):
    # type: (Sequence[str], list[Results]) -> list[Kind]
    """Those kinds, in their order, that were measured with 64 concurrent calls everywhere."""
    return [kind for kind in cases.KINDS if kind.name in names and all(
        _OURS in results.clients(kind.name + "-64") for results in all_results)]


def peer(results):
    # type: (Results) -> str
    """The client that README compares with."""
    return "fetch-curl" if results.facts["python"].startswith("2.") else "aiohttp"


def peer_title(results):
    # type: (Results) -> str
    return title(results, peer(results))


def title(results, name):
    # type: (Results, str) -> str
    """Return a client's name, with its version if it is a package of that name."""
    shown = u"%s" % clients.named(name).title
    version = results.facts["versions"].get(shown)
    return u"%s %s" % (shown, version) if version else shown


def numbers(results, name, kind):
    # type: (Results, str, Kind) -> list[str]
    case = kind.name + "-64"
    return [u"%.0f" % results.median(name, case, SPEED),
            u"%.0f" % results.median(name, case, COST)]


def factors(results, kind, name):
    # type: (Results, Kind, str) -> str
    """What to multiply the client's calls/s and to divide its CPU by; "-": not measured."""
    ours, theirs = (_OURS, kind.name + "-64"), (name, kind.name + "-64")
    speed, cost = results.ratio(SPEED, ours, theirs), results.ratio(COST, theirs, ours)
    return u"calls/s \u00d7 %.1f, CPU \u00f7 %.1f" % (speed, cost) if speed and cost else u"-"


if __name__ == "__main__":
    main()
