"""What the commands that measure have in common."""

from __future__ import absolute_import, division, print_function

import argparse
import os
import resource
import signal
import sys

from benchmarks.targets import SPEED

RESULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results")


def one_of(known):
    # type: (Iterable[str]) -> Callable[[str], list[str]]
    """Return a type for argparse: some of these names, separated by commas."""
    def names(text):
        # type: (str) -> list[str]
        given = text.split(",")
        if not set(given) <= set(known):
            raise argparse.ArgumentTypeError("choose of " + ", ".join(known))
        return [name for name in known if name in given]

    return names


def allow_descriptors(wanted):
    # type: (int) -> int
    """Raise the limit, for the processes that are started too, as far as it may be; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else soft


def perform(runs, count, seconds, results):
    # type: (Iterable[dict[str, Any]], int, float, Results) -> None
    """Fill the results and print progress; Ctrl-C ends it with the results so far.

    Args:
        count: how many runs there are.
        seconds: how long each takes, about.
    """
    say("%d runs, about %.0f minutes" % (count, max(1, count * seconds / 60)))
    try:
        for index, run in enumerate(runs):
            results.runs.append(run)
            say("%d of %d: %s, %s: %s" % (
                index + 1, count, run["case"], run[results.who], told(run)))
    except KeyboardInterrupt:
        say("stopped early")


def told(run):
    # type: (dict[str, Any]) -> str
    """Return what came out, in a word."""
    if "error" in run:
        return run["error"]
    return "%.0f/s" % run[SPEED] if SPEED in run else "%.1f KiB" % run["kib_per_connection"]


def save(results, name):
    # type: (Results, str) -> None
    path = os.path.join(RESULTS, name + ".json")
    if not os.path.isdir(RESULTS):
        os.makedirs(RESULTS)
    results.save(path)
    say("saved as %s" % os.path.relpath(path))


def say(line):
    # type: (str) -> None
    sys.stderr.write("bench: %s\n" % line)


def run(main, *user_errors):
    # type: (Callable[[list[str]], int], *type[Exception]) -> NoReturn
    """Run ``main`` on the command line's arguments and exit; what it has started ends as well."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        sys.exit(main(sys.argv[1:]))
    except user_errors as error:
        say(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
