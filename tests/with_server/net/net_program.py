"""What test_net_processes runs in a process of its own: ``net_program.py WHAT [ARGUMENT] PORT``."""

from __future__ import absolute_import, division, print_function

import os
import signal
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(ROOT, os.pardir, os.pardir, os.pardir, "src"))

from tornado import gen  # noqa: E402
from tornado.ioloop import IOLoop  # noqa: E402

import waterspout  # noqa: E402


def say(who, session):
    (transport,) = session._transports.values()
    (counts,) = transport.stats().values()
    print("%s opened=%d reused=%d" % (who, counts["opened"], counts["reused"]))
    sys.stdout.flush()


def new_loop():
    """One of this process, as a server makes one behind its fork."""
    IOLoop.clear_current()
    io_loop = IOLoop()
    io_loop.make_current()
    return io_loop


@gen.coroutine
def get(session, url, times):
    for _ in range(times):
        response = yield session.get(url)
        assert response.content == b"ok"


def fork(url):
    session = waterspout.Session(transport="pooled")
    io_loop = new_loop()
    io_loop.run_sync(lambda: get(session, url, 2))
    say("parent", session)
    child = os.fork()
    if child == 0:
        new_loop().run_sync(lambda: get(session, url, 2))
        say("child", session)
        new_loop().run_sync(session.close)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    io_loop.run_sync(lambda: get(session, url, 2))
    say("parent", session)


def interrupted(count, url):
    session = waterspout.Session(transport="pooled")
    signals = []
    signal.signal(signal.SIGALRM, lambda *args: signals.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    IOLoop.current().run_sync(lambda: get(session, url, int(count)))
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(count, "calls,", "interrupted" if signals else "undisturbed")


def leave(url):
    session = waterspout.Session(transport="pooled")
    IOLoop.current().run_sync(lambda: get(session, url.replace("127.0.0.1", "localhost"), 2))
    print("left")


if __name__ == "__main__":
    arguments = sys.argv[2:-1] + ["http://127.0.0.1:%s/" % sys.argv[-1]]
    globals()[sys.argv[1]](*arguments)
