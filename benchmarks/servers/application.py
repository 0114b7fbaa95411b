"""A Tornado Application, on the server that is measured.

    python -m benchmarks.servers.application SERVER_CLASS PORT LOG_LEVEL
"""

from __future__ import absolute_import, division, print_function

import os
import resource
import sys

from tornado.escape import json_decode
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.log import enable_pretty_logging
from tornado.options import options
from tornado.web import Application, RequestHandler

#: The rows of the page.
HOSTS = [
    {"id": index, "name": "web-%04d" % index, "ip": "10.0.0.%d" % index,
     "owner": "R&D <web-%d@inventory.example>" % index, "cpu": 8, "memory": 32,
     "note": 'rack "%d"' % index}
    for index in range(25)
]

#: How often the template alone is measured.
_PAGES = 100


class Hello(RequestHandler):
    def get(self):
        self.write("Hello, world!")


class Count(RequestHandler):
    def post(self):
        rows = json_decode(self.request.body)["rows"]
        self.write({"rows": len(rows), "cpus": sum(row["cpu"] for row in rows)})


class Page(RequestHandler):
    def get(self):
        self.render("hosts.html", title="Hosts", hosts=HOSTS)


class PageCost(Page):
    """Answers how many microseconds of CPU the template takes, without everything around it."""

    def get(self):
        started = _cpu_seconds()
        for _ in range(_PAGES):
            self.render_string("hosts.html", title="Hosts", hosts=HOSTS)
        self.write({"us": (_cpu_seconds() - started) / _PAGES * 1e6})


def _cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def make_app():
    # type: () -> Application
    return Application(
        [("/", Hello), ("/json", Count), ("/page", Page), ("/page-cost", PageCost)],
        template_path=os.path.dirname(os.path.abspath(__file__)))


def serve(level):
    # type: (str) -> None
    """Serve until the process is ended; log as a Tornado program does."""
    options.logging = level
    enable_pretty_logging()
    IOLoop.current().start()


if __name__ == "__main__":
    server_class, port, level = sys.argv[1:]
    HTTPServer.configure(server_class)
    make_app().listen(int(port), "127.0.0.1")
    serve(level)
