"""Which tests run on which interpreter, and about how long that takes."""

from __future__ import absolute_import, division, print_function

import collections
import multiprocessing
import os

import environment
import interpreters

#: What ``make test-quick`` runs.
QUICK = tuple(os.path.join("tests", name) for name in ("unit", "conformance", "packaging"))

#: Long runs, each of which says itself whether it passed: only ``make test-full`` starts them.
SOAK = os.path.join("tests", "soak")

#: The lowest Tornado 6 that is supported, the Pythons that have a wheel of it, and the tests that
#: run with it there: what depends on Tornado most.
LOWEST_TORNADO = "6.1"
OF_LOWEST_TORNADO = ("3.8", "3.9")
ON_LOWEST_TORNADO = (os.path.join("tests", "contract"),
                     os.path.join("tests", "with_server", "async_http_client"),
                     os.path.join("tests", "with_server", "http_server"))

#: Seconds on a machine with 2 cores, two interpreters at the same time: all tests of one
#: interpreter, those not marked ``slow``, those of ``make test-quick``, what ``make test-full``
#: adds on each interpreter, and those with the lowest Tornado.
ALL_SECONDS, NOT_SLOW_SECONDS, QUICK_SECONDS, SOAK_SECONDS = 1180, 860, 110, 60
LOWEST_TORNADO_SECONDS = 70

#: One interpreter, and whether it also runs the tests marked ``slow`` and those in `SOAK`.
#: ``tornado`` is a version, for `ON_LOWEST_TORNADO` alone, or None for the newest and all tests.
Part = collections.namedtuple("Part", "interpreter slow soak tornado")


def parts(chosen, kind, whole):
    # type: (list[Interpreter], str, bool) -> list[Part]
    """Divide the tests among interpreters, which are given oldest first.

    With three or more, tests marked ``slow`` run on the oldest and on the newest only. The last
    part is the one with the lowest Tornado, where an interpreter can have it.

    Args:
        kind: ``"test"``, ``"quick"`` or ``"full"``.
        whole: False where arguments for pytest select the tests: each interpreter runs them all.
    """
    if kind == "quick":
        return [Part(one, False, False, None) for one in chosen]
    ends = chosen[:1] + chosen[-1:]
    everywhere = kind == "full" or not whole
    divided = [Part(one, everywhere or one in ends, kind == "full", None) for one in chosen]
    lowest = [one for one in chosen if whole and interpreters.minor(one) in OF_LOWEST_TORNADO]
    return divided + [Part(one, False, False, LOWEST_TORNADO) for one in lowest[:1]]


def arguments(part, kind):
    # type: (Part, str) -> tuple[str, ...]
    """Return what pytest runs in a part, where the user names nothing; empty for everything."""
    if part.tornado:
        return ON_LOWEST_TORNADO
    return QUICK if kind == "quick" else ()


def at_once(parts, kind, whole):
    # type: (list[Part], str, bool) -> int
    """Return how many interpreters run their tests at the same time.

    One for each core: an interpreter's tests wait for a third of the time. But soaks measure
    memory and time, and where arguments for pytest are given one of them may start a debugger.
    Raises environment.Failed: JOBS is no such number.
    """
    if kind != "test" or not whole:
        return 1
    asked = os.environ.get("JOBS") or str(multiprocessing.cpu_count())
    if not asked.isdigit() or int(asked) < 1:
        raise environment.Failed("JOBS is a number of interpreters, not %r" % asked)
    return min(int(asked), len(queues(parts)))


def queues(parts):
    # type: (list[Part]) -> list[list[Part]]
    """Group the parts of one interpreter, which share its environment; what takes longest first.

    Works for parts and for what else has their attributes.
    """
    grouped = collections.OrderedDict()
    for part in parts:
        grouped.setdefault(part.interpreter, []).append(part)
    return sorted(grouped.values(), key=lambda queue: not queue[0].slow)


def forecast(parts, kind, at_once):
    # type: (list[Part], str, int) -> str
    """Return the line that tells beforehand what will run, where, and for how long."""
    names, busy = [], [0] * at_once
    for queue in queues(parts):
        busy[busy.index(min(busy))] += sum(_seconds(part, kind) for part in queue)
    for part in parts:
        name = "Python " + part.interpreter.version
        if part.tornado:
            name += " with Tornado %s (%s)" % (part.tornado, ", ".join(ON_LOWEST_TORNADO))
        elif not part.slow and kind != "quick":
            name += " (without the slow tests)"
        names.append(name)
    return "about %s on 2 cores, %s: %s" % (
        "%d seconds" % max(busy) if max(busy) < 120 else "%d minutes" % -(-max(busy) // 60),
        "%d at a time" % at_once if at_once > 1 else "one after another",
        ", ".join(names),
    )


def _seconds(part, kind):
    # type: (Part, str) -> int
    if kind == "quick":
        return QUICK_SECONDS
    if part.tornado:
        return LOWEST_TORNADO_SECONDS
    return (ALL_SECONDS if part.slow else NOT_SLOW_SECONDS) + (SOAK_SECONDS if part.soak else 0)


def not_run_anywhere(left_out, ran):
    # type: (set[str], set[str]) -> list[str]
    """Return the functions that one interpreter left to others and that ran on none of them.

    Args:
        left_out: pytest's names: ``tests/unit/test_urls.py::test_joins[host]``.
        ran: the names in JUnit files: ``tests.unit.test_urls.test_joins[host]``.
    """
    wanted = set(_function(as_reported(name)) for name in left_out)
    return sorted(wanted - set(map(_function, ran)))


def as_reported(name):
    # type: (str) -> str
    """Return pytest's name of a test as it stands in a JUnit file."""
    return name.replace(".py::", ".").replace("::", ".").replace("/", ".")


def _function(name):
    # type: (str) -> str
    # Parameters may differ from one interpreter to the next.
    return name.partition("[")[0]
