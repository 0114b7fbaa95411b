"""Which tests run on which interpreter, and about how long that takes."""

from __future__ import absolute_import, division, print_function

import collections
import os

#: What ``make test-quick`` runs.
QUICK = tuple(os.path.join("tests", name) for name in ("unit", "conformance", "packaging"))

#: Long runs, each of which says itself whether it passed: only ``make test-full`` starts them.
SOAK = os.path.join("tests", "soak")

#: Seconds on a machine with 2 cores: all tests of one interpreter, those not marked ``slow``,
#: those of ``make test-quick``, and what ``make test-full`` adds on each interpreter.
ALL_SECONDS, NOT_SLOW_SECONDS, QUICK_SECONDS, SOAK_SECONDS = 420, 260, 50, 60

#: One interpreter, and whether it also runs the tests marked ``slow`` and those in `SOAK`.
Part = collections.namedtuple("Part", "interpreter slow soak")


def parts(chosen, kind, whole):
    # type: (list[Interpreter], str, bool) -> list[Part]
    """Divide the tests among interpreters, which are given oldest first.

    With three or more, tests marked ``slow`` run on the oldest and on the newest only.

    Args:
        kind: ``"test"``, ``"quick"`` or ``"full"``.
        whole: False where arguments for pytest select the tests: each interpreter runs them all.
    """
    if kind == "quick":
        return [Part(one, slow=False, soak=False) for one in chosen]
    ends = chosen[:1] + chosen[-1:]
    everywhere = kind == "full" or not whole
    return [Part(one, slow=everywhere or one in ends, soak=kind == "full") for one in chosen]


def forecast(parts, kind):
    # type: (list[Part], str) -> str
    """Return the line that tells beforehand what will run, where, and for how long."""
    names, seconds = [], 0
    for part in parts:
        name = "Python " + part.interpreter.version
        if kind == "quick":
            seconds += QUICK_SECONDS
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
