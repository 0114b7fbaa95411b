"""Import a million rows of CSV and 200,000 of Excel, and the same with pandas and requests.

    make bench ARGS=--bulk
    make bench PYTHON=python2.7 ARGS=--bulk          the command, gateway and CMDB on another Python
    python -m benchmarks.bulk --python=PATH          without the peers

Each way has an empty sandbox and a gateway of its own, one process each. With --cluster-workers the
same file goes to a CMDB that takes no time, by the command alone and by one to three workers. The
exit code is 1 if a row is missing in the CMDB, or if the command takes more memory than it may.
"""

from __future__ import absolute_import, division, print_function

import argparse
import json
import os
import subprocess
import sys
import tempfile

from benchmarks import bulk, command, machine
from benchmarks.bulk import command_run, files, sites, table, ways
from benchmarks.command import say
from benchmarks.servers.processes import DidNotStart
from benchmarks.soak.__main__ import version_of


def main(arguments):
    # type: (list[str]) -> int
    options = parse(arguments)
    results = {"python": version_of(options.python), "machine": machine.describe(), "runs": []}
    with tempfile.TemporaryDirectory(prefix="waterspout-bulk-") as folder:
        made = make_files(folder, options)
        for kind, path, rows in made:
            for name in (ways.IMPORT, ways.NAIVE) if options.peers else (ways.IMPORT,):
                add(results, through_gateway(name, kind, path, rows, options))
        for workers in options.cluster_workers if made else ():
            add(results, on_cluster(workers, made[0][1], options.rows, options))
    sys.stdout.write(table.report(results))
    if options.save:
        with open(os.path.join(command.RESULTS, "bulk-%s.json" % options.save), "w") as file:
            json.dump(results, file, indent=1, sort_keys=True)
    return 0 if all(met for met, _ in table.checked(results)) else 1


def parse(arguments):
    # type: (list[str]) -> argparse.Namespace
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bulk", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000000, help="of CSV (1000000)")
    parser.add_argument("--xlsx-rows", type=int, default=200000, help="of Excel (200000); 0: none")
    parser.add_argument("--cluster-workers", type=int, nargs="*", default=[], metavar="N",
                        help="workers of each run; 0 is the command alone")
    parser.add_argument("--worker-share", type=float, default=0.2, metavar="PART",
                        help="of the time for which a worker runs, so that several of them have "
                             "room on this machine (0.2); 1: all of it")
    parser.add_argument("--python", default=sys.executable, metavar="PATH",
                        help="the interpreter of the command, the gateway and the CMDB")
    parser.add_argument("--save", metavar="NAME",
                        help="keep it as benchmarks/results/bulk-NAME.json")
    parser.add_argument("--peers", help=argparse.SUPPRESS)  # From scripts/bench.
    parser.add_argument("--peer-python", help=argparse.SUPPRESS, default=sys.executable)
    return parser.parse_args(arguments)


def make_files(folder, options):
    # type: (str, argparse.Namespace) -> list[tuple[str, str, int]]
    """Write the files; return for each what it is, its path, and its rows."""
    path = os.path.join(folder, "hosts.csv")
    say("writing %d rows of CSV" % options.rows)
    files.write_csv(path, options.rows)
    made = [("CSV", path, options.rows)]
    if options.xlsx_rows:
        path = os.path.join(folder, "hosts.xlsx")
        say("writing %d rows of Excel" % options.xlsx_rows)
        subprocess.check_call(
            [options.python, "-m", "benchmarks.bulk.files", "xlsx", path, str(options.xlsx_rows)],
            env=ways.environ(None, ()))
        made.append(("xlsx", path, options.xlsx_rows))
    return made


def through_gateway(name, kind, path, rows, options):
    # type: (str, str, str, int, argparse.Namespace) -> dict[str, Any]
    ours = name == ways.IMPORT
    with sites.sandbox(options.python) as site:
        if ours:
            line = ways.import_command(options.python, path, site)
            environ = ways.environ(None, ())
        else:
            line = ways.naive_command(options.peer_python, path, site)
            environ = ways.environ(options.peers, bulk.NAIVE.packages)
        used = command_run.run(line, environ, site.folder)
        clean(path)
        return dict(used._asdict(), way=name, file=kind, rows=rows, site=sites.SANDBOX, ours=ours,
                    stored=site.count())


def on_cluster(workers, path, rows, options):
    # type: (int, str, int, argparse.Namespace) -> dict[str, Any]
    place = os.path.join(options.peers, "distributed") if options.peers else ""
    environ = ways.environ(options.peers, bulk.CLUSTER.packages)
    with sites.responder(options.python) as site:
        if not workers:
            line = ways.import_command(options.python, path, site)
            used = command_run.run(line, environ, site.folder)
        else:
            share = options.worker_share
            with sites.dask(options.python, workers, place, share) as address:
                line = ways.import_command(options.python, path, site, address)
                used = command_run.run(line, environ, site.folder)
        clean(path)
        name = ways.IMPORT
        if workers:
            name += ", %d worker%s" % (workers, "s" if workers > 1 else "")
            name += " at %.0f %%" % (100 * share) if share < 1 else ""
        return dict(used._asdict(), way=name, file="CSV", rows=rows, site=sites.RESPONDER,
                    ours=not workers)


def clean(path):
    # type: (str) -> None
    """Remove what an import has left beside its file, so that the next one starts from nothing."""
    folder, stem = os.path.dirname(path), os.path.splitext(os.path.basename(path))[0]
    for name in os.listdir(folder):
        own = os.path.join(folder, name)
        if name.startswith(stem) and own not in (
                os.path.join(folder, "hosts.csv"), os.path.join(folder, "hosts.xlsx")):
            os.remove(own)


def add(results, run):
    # type: (dict[str, Any], dict[str, Any]) -> None
    results["runs"].append(run)
    say("%s: %.0f rows/s, %.0f MiB" % (
        table.title(run), run["rows"] / run["seconds"], run["peak_mib"]))


if __name__ == "__main__":
    command.run(main, DidNotStart, command_run.Failed)
