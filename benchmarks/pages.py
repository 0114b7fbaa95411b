"""Write what benchmarks/results hold into README.md, docs/speed.md and docs/speed.svg.

    python -m benchmarks.pages

Each page has one block of it, between two comments. A test checks that the pages agree with the
results.
"""

from __future__ import absolute_import, division, print_function

import io
import os

from benchmarks import cases, chart, clients, table
from benchmarks.results import Results
from benchmarks.targets import COST, SPEED

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

#: Whose results are shown; the first is the newest Python.
SAVED = tuple(os.path.join(ROOT, "benchmarks", "results", name + ".json")
              for name in ("3.11", "2.7"))

_BEGIN = u"<!-- written by python -m benchmarks.pages -->\n"
_END = u"<!-- end of what is written -->\n"

_OURS = "session-pooled"

#: The rows of README's table.
_IN_README = ("sdk", "post-json", "get-json", "get")

#: Kinds of call that all clients make; the first that was measured is shown with all of them.
_BY_ALL = ("sdk", "get")

_COST = u"\u00b5s of CPU"


def main():
    # type: () -> None
    for path, content in pages(list(map(Results.load, SAVED))).items():
        with io.open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)


def pages(all_results):
    # type: (list[Results]) -> dict[str, str]
    """Return path -> what the file has to hold."""
    readme, speed = os.path.join(ROOT, "README.md"), os.path.join(ROOT, "docs", "speed.md")
    return {
        readme: with_block(read(readme), summary(all_results)),
        speed: with_block(read(speed), u"\n".join(map(details, all_results))),
        os.path.join(ROOT, "docs", "speed.svg"): u"%s" % chart.chart(all_results),
    }


def read(path):
    # type: (str) -> str
    with io.open(path, encoding="utf-8") as file:
        return file.read()


def with_block(page, block):
    # type: (str, str) -> str
    """Return the page with this block in place of the last one."""
    before, _, rest = page.partition(_BEGIN)
    after = rest.partition(_END)[2]
    return before + _BEGIN + block + _END + after


def summary(all_results):
    # type: (list[Results]) -> str
    """README's table: our calls/s multiplied, our CPU divided by the peer's."""
    heads = [u"Python %s, beside %s" % (results.facts["python"], peer_title(results))
             for results in all_results]
    rows = [[u"64 concurrent calls"] + heads]
    for kind in kinds_of(_IN_README, all_results):
        rows.append([u"%s" % kind.title] + [
            factors(results, kind, peer(results)) for results in all_results])
    return table_of(rows)


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
            facts["upstream"], facts["rounds"], machine["load"], table_of(rows),
            table_of(others), table.target_table(results)))


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


def table_of(rows):
    # type: (list[list[str]]) -> str
    lines = [u"| %s |\n" % u" | ".join(row) for row in rows]
    lines.insert(1, u"|---" + u"|---:" * (len(rows[0]) - 1) + u"|\n")
    return u"".join(lines)


if __name__ == "__main__":
    main()
