"""A small service that the tests of processes start: ``service_program.py KEY=VALUE ...``.

GET /pid           the pid of the process that answers
GET /wait/<name>   answers once the file <name> exists in the working directory
GET /crash         the process dies on the spot
GET /thread        waits for a thread that never ends
GET /idle          waits for a thread that ends at once
GET /hold          holds the IOLoop and never ends
GET /print         prints a line and answers

Files in the working directory tell what it does: "ready" holds the port, "waiting-..." a request
that waits, "shut-down-PID" a shutdown callback, "returned" what serve() returned. Others change
it: "broken" (make_app raises), "closing" (a shutdown callback that does not end), "afterwards"
(what follows serve() ends when that file is gone).
"""

from __future__ import absolute_import, division, print_function

import os
import resource
import sys
import threading
import time

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout import service
from waterspout.service import serving
from waterspout.service._processes import stop_watchdog, supervisor, worker


class PidHandler(service.JSONHandler):
    def get(self):
        self.write_json({"pid": os.getpid()})


class WaitHandler(service.JSONHandler):
    @gen.coroutine
    def get(self, name):
        touch("waiting-%s" % name)
        while not os.path.exists(name):
            yield gen.sleep(0.01)
        self.write_json({"pid": os.getpid()})


class CrashHandler(service.JSONHandler):
    def get(self):
        os._exit(3)


class ThreadHandler(service.JSONHandler):
    @gen.coroutine
    def get(self):
        touch("waiting-thread")
        yield IOLoop.current().run_in_executor(None, threading.Event().wait)


class IdleHandler(service.JSONHandler):
    @gen.coroutine
    def get(self):
        touch("waiting-idle")
        yield IOLoop.current().run_in_executor(None, os.getpid)
        self.write_json({})


class HoldHandler(service.JSONHandler):
    def get(self):
        touch("waiting-hold")
        while True:
            time.sleep(0.1)  # A signal just before a longer sleep would wait for its end.


class PrintHandler(service.JSONHandler):
    def get(self):
        print("printed")
        self.write_json({"pid": os.getpid()})


def touch(name, content=""):
    with open(name + ".part", "w") as file:
        file.write(content)
    os.rename(name + ".part", name)


def make_app():
    if os.path.exists("broken"):
        raise RuntimeError("make_app is broken")
    application = service.Application(
        [
            ("/pid", PidHandler),
            ("/wait/([a-z]+)", WaitHandler),
            ("/crash", CrashHandler),
            ("/thread", ThreadHandler),
            ("/idle", IdleHandler),
            ("/hold", HoldHandler),
            ("/print", PrintHandler),
        ]
    )
    application.on_shutdown(shut_down)
    return application


def shut_down():
    touch("shut-down-%d" % os.getpid())
    if os.path.exists("closing"):
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()


def main():
    options = dict(argument.split("=") for argument in sys.argv[1:])
    service.setup_logging(format=options.get("log_format", "text"))
    if "descriptors" in options:
        limit = int(options["descriptors"])
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    try:
        sockets = service.listen(int(options.get("port", 0)))
    except service.ListenError as error:
        sys.exit("error: %s" % error)

    def on_ready():
        service.announce("ready on %d" % service.port_of(sockets))
        touch("ready", str(service.port_of(sockets)))
        if "on_ready" in options:
            raise RuntimeError("on_ready is broken")

    if "patience" in options:
        shorten(float(options["patience"]))
    code = service.serve_sockets(
        make_app,
        sockets,
        processes=int(options.get("processes", 1)),
        drain_timeout=float(options.get("drain_timeout", 30)),
        on_ready=on_ready,
    )
    touch("returned", str(code))
    service.announce("returned")
    while os.path.exists("afterwards"):
        time.sleep(0.01)
    sys.exit(code)


def shorten(seconds):
    """Set every time limit of a stop, except the drain's, to this."""
    worker.SHUTDOWN_TIMEOUT = stop_watchdog.MAX_THREADS_TIMEOUT = seconds
    stop_watchdog.MIN_THREADS_TIMEOUT = supervisor.KILL_TIMEOUT = seconds
    serving.SHUTDOWN_TIMEOUT = serving._STOP_MARGIN = seconds


if __name__ == "__main__":
    main()
