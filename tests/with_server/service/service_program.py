"""A small service that the tests of processes start: ``service_program.py KEY=VALUE ...``.

GET /pid           the pid of the process that answers
GET /wait/<name>   answers once the file <name> exists in the working directory
GET /crash         the process exits on the spot
GET /kill          the process kills itself with SIGKILL
GET /version       what the file "version" had when make_app was called
GET /thread        waits for a thread that never ends
GET /idle          waits for a thread that ends at once
GET /hold          holds the IOLoop and never ends
GET /print         prints a line and answers

Files in the working directory tell what it does: "ready" holds the port, "operations" that of the
pages for operators, "waiting-..." a request that waits, "shut-down-PID" a shutdown callback,
"returned" what serve() returned. Others change it: "version" (see above), "broken" (make_app
raises), "starting" (make_app ends when that file is gone), "release.sh" (what SIGUSR2 starts in
place of this program), "closing" (a shutdown callback that does not end), "afterwards" (what
follows serve() ends when that file is gone).
"""

from __future__ import absolute_import, division, print_function

import os
import resource
import signal
import sys
import threading
import time

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout import service
from waterspout.service._processes import service_plan, stop_watchdog, supervisor


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


class KillHandler(service.JSONHandler):
    def get(self):
        os.kill(os.getpid(), signal.SIGKILL)


class VersionHandler(service.JSONHandler):
    def get(self):
        self.write_json({"version": self.settings["version"], "pid": os.getpid()})


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
    part = "%s.%d.part" % (name, os.getpid())  # Workers, and two releases, write the same files.
    with open(part, "w") as file:
        file.write(content)
    os.rename(part, name)


def read(name):
    if not os.path.exists(name):
        return ""
    with open(name) as file:
        return file.read()


def wait_while(name):
    while os.path.exists(name):
        touch("waiting-" + name)
        time.sleep(0.01)


def reload():
    """What SIGHUP calls, if it is asked for: the version is read once, in the parent."""
    version = read("version")
    if version == "bad":
        raise ValueError("the configuration is bad")
    return lambda: make_app_of_version(version)


def make_app():
    return make_app_of_version(read("version"))


def make_app_of_version(version):
    if os.path.exists("broken"):
        raise RuntimeError("make_app is broken")
    wait_while("starting")
    application = service.Application(
        [
            ("/pid", PidHandler),
            ("/wait/([a-z]+)", WaitHandler),
            ("/crash", CrashHandler),
            ("/kill", KillHandler),
            ("/version", VersionHandler),
            ("/thread", ThreadHandler),
            ("/idle", IdleHandler),
            ("/hold", HoldHandler),
            ("/print", PrintHandler),
        ],
        version=version,
        operations=service.Operations(),
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
        sockets, pages = sockets_of(options)
    except service.ListenError as error:
        sys.exit("error: %s" % error)

    def on_ready():
        service.announce("ready on %d" % service.port_of(sockets))
        touch("ready", str(service.port_of(sockets)))
        if "on_ready" in options:
            raise RuntimeError("on_ready is broken")

    if "operations" in options:
        touch("operations", str(service.port_of(pages)))
    if "patience" in options:
        shorten(float(options["patience"]))
    code = service.serve_sockets(
        make_app,
        sockets,
        processes=int(options.get("processes", 1)),
        drain_timeout=float(options.get("drain_timeout", 30)),
        drain_grace=float(options.get("drain_grace", 0)),
        on_ready=on_ready,
        reload=reload if "reload" in options else None,
        operations_sockets=pages,
        pidfile=options.get("pidfile"),
        release_command=release_command(options),
        http_server=options.get("http_server", service.HTTP_SERVERS[0]),
    )
    touch("returned", str(code))
    service.announce("returned")
    wait_while("afterwards")
    sys.exit(code)


def sockets_of(options):
    """Those of the service, and those for operators."""
    if "inherited" in options:
        return service.inherited_sockets(), []
    inherited = service.inherited_sockets_by_name()
    if inherited:
        return inherited["service"], inherited.get("operations", [])
    return (service.listen(int(options.get("port", 0)), reuse_port="reuse_port" in options),
            service.listen(0) if "operations" in options else [])


def release_command(options):
    """This program again, unless a file says what else to start."""
    if "release" not in options:
        return None
    return ["sh", "-c", 'test -e release.sh && exec sh release.sh; exec "$@"', "sh",
            sys.executable, os.path.abspath(__file__)] + sys.argv[1:]


def shorten(seconds):
    """Set every time limit of a stop, except the drain's, to this."""
    service_plan.SHUTDOWN_TIMEOUT = service_plan.STOP_MARGIN = seconds
    stop_watchdog.MIN_THREADS_TIMEOUT = stop_watchdog.MAX_THREADS_TIMEOUT = seconds
    supervisor.KILL_TIMEOUT = seconds


if __name__ == "__main__":
    main()
