"""Measure the sandbox CMDB, and print tables.

    python -m benchmarks.sandbox                          100,000 and 1,000,000 instances
    python -m benchmarks.sandbox --instances 10000        a look: half a minute
"""

from __future__ import absolute_import, division, print_function

import argparse
import os
import platform
import shutil
import sqlite3
import sys
import tempfile

from benchmarks import machine
from benchmarks.sandbox import data, measure, process, report

#: Imports that are measured at each size, first alone, then as many beside searches.
IMPORTS = 5


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    folder = tempfile.mkdtemp(prefix="waterspout-bench-", dir=options.folder)
    try:
        sizes = list(perform(os.path.join(folder, "sandbox.db"), options.instances))
    finally:
        shutil.rmtree(folder)
    about = machine.describe()
    print("\n%s %s, SQLite %s; %s, %d cores, %s" % (
        platform.python_implementation(), platform.python_version(), sqlite3.sqlite_version,
        about["cpu"], about["cores"], about["system"]))
    print(report.tables(sizes))
    return 0


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sandbox", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--instances", type=numbers, default=[100000, 1000000], metavar="N,...",
                        help="of one model, in ascending order (100000,1000000)")
    parser.add_argument("--folder", help="where to put the file, for as long as it is needed")
    return parser.parse_args(arguments)


def numbers(text):
    # type: (str) -> list[int]
    return [int(number) for number in text.split(",")]


def perform(path, instances):
    # type: (str, list[int]) -> Iterator[Size]
    """Fill the file to each number of instances in turn, and measure."""
    have = 0
    with process.running(path) as port:
        for wanted in instances:
            wanted = max(wanted, have)
            start = process.clock()
            measure.fill(port, have, wanted)
            say("%d instances after %.0f more seconds" % (wanted, process.clock() - start))
            searches = list(measure.searches(port))
            imports = measure.imports(port, wanted, IMPORTS)
            imported = IMPORTS * data.IMPORT_ROWS // 2
            beside = measure.imports_beside_searches(port, wanted + imported, IMPORTS)
            yield report.Size(wanted, searches, imports, *beside)
            have = wanted + 2 * imported


def say(line):
    # type: (str) -> None
    sys.stderr.write("bench: %s\n" % line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
