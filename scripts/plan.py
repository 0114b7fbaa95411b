"""Which tests run on which interpreter, and about how long that takes."""

from __future__ import absolute_import, division, print_function

import collections
import os

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

#: Seconds on a machine with 2 cores: all tests of one interpreter, those not marked ``slow``,
#: those of ``make test-quick``, what ``make test-full`` adds on each interpreter, and those with
#: the lowest Tornado.
ALL_SECONDS, NOT_SLOW_SECONDS, QUICK_SECONDS, SOAK_SECONDS = 540, 420, 80, 60
LOWEST_TORNADO_SECONDS = 40

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


def forecast(parts, kind):
    # type: (list[Part], str) -> str
    """Return the line that tells beforehand what will run, where, and for how long."""
    names, seconds = [], 0
    for part in parts:
        name = "Python " + part.interpreter.version
        if kind == "quick":
            seconds += QUICK_SECONDS
        elif part.tornado:
            seconds += LOWEST_TORNADO_SECONDS
            name += " with Tornado %s (%s)" % (part.tornado, ", ".join(ON_LOWEST_TORNADO))
        else:
            seconds += ALL_SECONDS if part.slow else NOT_SLOW_SECONDS
            seconds += SOAK_SECONDS if part.soak else 0
            name += "" if part.slow else " (without the slow tests)"
        names.append(name)
    return "about %s on 2 cores, one after another: %s" % (
        "%d seconds" % seconds if seconds < 120 else "%d minutes" % -(-seconds // 60),
        ", ".join(names),
    )


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
