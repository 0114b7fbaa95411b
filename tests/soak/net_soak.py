"""Run very many calls of all kinds and print what the process holds meanwhile.

    python tests/soak/net_soak.py [CALLS]

Not a test: run by hand, it takes minutes. Memory, descriptors and objects have to stay flat.
"""

from __future__ import absolute_import, division, print_function

import collections
import os
import resource
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [
    os.path.join(HERE, os.pardir, "support"),
    os.path.join(HERE, os.pardir, os.pardir, "src"),
]

from net_load import Load, living_objects, open_descriptors  # noqa: E402
from net_peers import NamesResolver, Quick  # noqa: E402
from tornado import gen  # noqa: E402
from tornado.ioloop import IOLoop  # noqa: E402

from waterspout._net.connector import Connector  # noqa: E402
from waterspout._net.pool import Pool  # noqa: E402
from waterspout._wire.message_limits import MessageLimits  # noqa: E402
from waterspout.limits import Limits  # noqa: E402

ROUNDS = 10


def resident_kib():
    # type: () -> int
    """Memory now, or where there is no /proc, at most."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() // 1024
    except IOError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@gen.coroutine
def soak(calls):
    io_loop = IOLoop.current()
    server = Quick(io_loop)
    resolver = NamesResolver()
    resolver.asked = collections.deque(maxlen=1)  # It would be what grows.
    pool = Pool(io_loop, Connector(io_loop, resolver), Limits(50), MessageLimits())
    print("%9s %10s %12s %9s %9s" % ("calls", "KiB", "descriptors", "objects", "calls/s"))
    for number in range(ROUNDS):
        started = time.time()
        load = Load(pool, server, calls // ROUNDS, seed=number)
        yield load.done
        seconds = time.time() - started
        outcomes = load.outcomes
        del load
        print("%9d %10d %12d %9d %9d" % (
            (number + 1) * (calls // ROUNDS), resident_kib(), open_descriptors(),
            living_objects(), calls // ROUNDS / seconds))
    print(outcomes)
    print(pool)
    pool.close()
    server.close()


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    IOLoop.current().run_sync(lambda: soak(count))
