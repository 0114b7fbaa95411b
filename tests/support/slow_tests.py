"""A pytest plugin that leaves the tests marked ``slow`` to other interpreters.

scripts/test asks for that with LEAVE_SLOW_TESTS, the path of a file. The names of the tests go
there; scripts/test then checks that each of them ran on another interpreter.
"""

from __future__ import absolute_import, division, print_function

import io
import os


def pytest_collection_modifyitems(config, items):
    path = os.environ.get("LEAVE_SLOW_TESTS")
    if not path:
        return
    slow = [item for item in items if is_slow(item)]
    items[:] = [item for item in items if not is_slow(item)]
    config.hook.pytest_deselected(items=slow)
    config.slow_tests_left_out = len(slow)
    with io.open(path, "w", encoding="utf-8") as file:
        file.write(u"".join(u"%s\n" % item.nodeid for item in slow))


def is_slow(item):
    return item.get_closest_marker("slow") is not None


def pytest_terminal_summary(terminalreporter):
    """Say how many tests another interpreter has to run."""
    count = getattr(terminalreporter.config, "slow_tests_left_out", 0)
    if count:
        terminalreporter.write_line("%d slow tests were left to other interpreters" % count)
