"""Read what a pytest run reported, and find the test files that it silently left out."""

from __future__ import absolute_import, division, print_function

import collections
import os
from xml.etree import ElementTree

Counts = collections.namedtuple("Counts", "passed failed skipped")

#: ``reported`` and ``ran`` are names of tests; those that were skipped are in the first only.
#: ``failures`` are lines: the name of a test that failed, and the first line of the reason.
Report = collections.namedtuple("Report", "counts reported ran failures")

#: Characters of a reason that are kept.
REASON = 200


def read(path):
    # type: (str) -> Report
    """Return the counts and the names (``tests.unit.test_urls.test_joins``) in a JUnit file.

    A file that was skipped as a whole is there under its own name (``tests.unit.test_urls``).
    Raises IOError or ElementTree.ParseError: the run ended before it could write the file.
    """
    passed, failed, skipped = set(), set(), set()
    counts, failures = [0, 0, 0], []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if _has(case, "failure") or _has(case, "error"):
            kind, index = failed, 1
        elif _has(case, "skipped"):
            kind, index = skipped, 2
        else:
            kind, index = passed, 0
        counts[index] += 1
        name = ".".join(filter(None, [case.get("classname"), case.get("name")]))
        kind.add(name)
        if kind is failed:
            failures.append("%s: %s" % (name, _reason(case)))
    return Report(Counts(*counts), passed | failed | skipped, passed | failed, failures)


def files_not_run(root, names, without=()):
    # type: (str, set[str], tuple[str, ...]) -> list[str]
    """Return the test files under ``root``/tests that no name belongs to.

    Args:
        without: folders that need not have run, like ``tests/py3`` on Python 2.7.
    """
    silent = []
    for folder, _, files in os.walk(os.path.join(root, "tests")):
        folder = os.path.relpath(folder, root)
        for path in [os.path.join(folder, name) for name in files if _is_test(name)]:
            module = os.path.splitext(path)[0].replace(os.sep, ".")
            left_out = any(path.startswith(other + os.sep) for other in without)
            if not left_out and not any((name + ".").startswith(module + ".") for name in names):
                silent.append(path)
    return sorted(silent)


def _reason(case):
    # type: (ElementTree.Element) -> str
    """Return the first line of what pytest says of a test that failed."""
    for tag in ("failure", "error"):
        for found in case.iter(tag):
            lines = (found.get("message") or found.text or "").strip().splitlines()
            return lines[0][:REASON] if lines else "no reason was reported"
    return ""


def _has(case, tag):
    # type: (ElementTree.Element, str) -> bool
    return case.find(tag) is not None


def _is_test(name):
    # type: (str) -> bool
    return name.startswith("test_") and name.endswith(".py")
