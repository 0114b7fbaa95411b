"""A small service that the tests of processes start: ``service_program.py KEY=VALUE ...``.

GET /pid           the pid of the process that answers
GET /wait/<name>   answers once the file <name> exists in the working directory
GET /crash         the process dies on the spot
"""

from __future__ import absolute_import, division, print_function

import os
import resource
import sys

from tornado import gen

from waterspout import service


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


def touch(name):
    with open(name, "w"):
        pass


def make_app():
    if os.path.exists("broken"):
        raise RuntimeError("make_app is broken")
    application = service.Application(
        [("/pid", PidHandler), ("/wait/([a-z]+)", WaitHandler), ("/crash", CrashHandler)]
    )
    application.on_shutdown(lambda: touch("shut-down-%d" % os.getpid()))
    return application


def main():
    options = dict(argument.split("=") for argument in sys.argv[1:])
    service.setup_logging()
    if "descriptors" in options:
        limit = int(options["descriptors"])
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    try:
        sockets = service.listen(int(options.get("port", 0)))
    except service.ListenError as error:
        sys.exit("error: %s" % error)

    def on_ready():
        print("ready on %d" % service.port_of(sockets))

    code = service.serve_sockets(
        make_app,
        sockets,
        processes=int(options.get("processes", 1)),
        drain_timeout=float(options.get("drain_timeout", 30)),
        on_ready=on_ready,
    )
    print("returned")
    sys.exit(code)


if __name__ == "__main__":
    main()
