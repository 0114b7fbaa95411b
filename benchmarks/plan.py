"""Which clients are measured on which cases: not each on each, or a run would take hours."""

from __future__ import absolute_import, division, print_function

from benchmarks import cases, clients, targets

#: Kinds of call that every client makes.
_BY_ALL = ("sdk", "post-json", "get")

#: Who makes every kind of call, at 64 concurrent and less.
_EVERYWHERE = ("session-pooled", "fetch-curl", "fetch-simple", "aiohttp", "pyqwest")


def clients_of(case):
    # type: (Case) -> tuple[str, ...]
    """Return the names of those that are measured on this case unless others are asked for."""
    kind = case.kind.name
    if kind == "sdk-each":
        return ("session-pooled",)
    ours = ("session-pooled", "fetch-pooled") if kind == "headers" else ("session-pooled",)
    if case.concurrency == 1000:
        return ours
    if kind in _BY_ALL and case.concurrency == 64:
        return clients.NAMES
    return _EVERYWHERE + ours[1:]


def everything():
    # type: () -> set[tuple[str, str]]
    """Return all (client, case) of a full run."""
    return {(name, case.name) for case in cases.ALL for name in clients_of(case)}


def of_targets(version):
    # type: (str) -> set[tuple[str, str]]
    """Return those that the targets for this Python compare."""
    return {pair for target in targets.of_python(version)
            for pair in (target.ours, target.theirs)}


def of_pages(version):
    # type: (str) -> set[tuple[str, str]]
    """Return those of the targets, and what README and docs/speed.md show beside them."""
    return of_targets(version) | {
        (name, case) for name, case in everything()
        if case == "sdk-64" or name in ("fetch-curl", "fetch-simple") and case.endswith("-64")}


def quick(version):
    # type: (str) -> set[tuple[str, str]]
    """Return those of the targets that have 64 concurrent calls."""
    return {pair for pair in of_targets(version) if pair[1].endswith("-64")}


def in_order(pairs, lacks):
    # type: (set[tuple[str, str]], Mapping[str, Mapping[str, str]]) -> list[tuple[Case, list[str]]]
    """Return cases with their clients; only such as are usable and offer this kind of call.

    Args:
        lacks: the usable clients -> the kinds that they lack.
    """
    planned = []
    for case in cases.ALL:
        names = [name for name in clients.NAMES
                 if (name, case.name) in pairs and name in lacks
                 and case.kind.name not in lacks[name]]
        if names:
            planned.append((case, names))
    return planned
