"""The servers, by name: what each is made of, and how it is started.

Importing this package imports no server.
"""

from __future__ import absolute_import, division, print_function

import collections

#: ``packages`` are what pip calls the peers that it is made of. ``command`` are the arguments of
#: Python, in which {port} and {upstream} stand for their values. ``logs`` has one more: for cases
#: without an access log, and for those with one.
Entry = collections.namedtuple("Entry", "name title packages command logs")


def _application(server):
    return ("-m", "benchmarks.servers.application", server, "{port}")


def _handlers(call):
    return ("-m", "benchmarks.servers.handlers", "benchmarks.servers." + call,
            "{upstream}", "{port}")


_GATEWAY = ("-m", "waterspout_cmdb", "--port={port}", "--upstream={upstream}")
_GRANIAN = ("-m", "granian", "--interface", "asgi", "--port", "{port}",
            "benchmarks.servers.py3.bare_asgi:app")
_UVICORN = ("-m", "uvicorn", "--http", "httptools", "--loop", "uvloop", "--port", "{port}",
            "benchmarks.servers.py3.starlette_app:app")

_LEVELS = ("warning", "info")
_OPTIONS = ("--logging=warning", "--logging=info")
_SWITCHES = ("--no-access-log", "--access-log")

SERVERS = (
    Entry("waterspout", "waterspout.HTTPServer", (),
          _application("waterspout.HTTPServer"), _LEVELS),
    Entry("tornado", "Tornado's HTTPServer", (),
          _application("tornado.httpserver.HTTPServer"), _LEVELS),
    Entry("gateway", "gateway", (), _GATEWAY, _OPTIONS),
    Entry("gateway-tornado", "gateway on Tornado's server", (),
          _GATEWAY + ("--http-server=tornado",), _OPTIONS),
    Entry("granian", "granian + pyqwest", ("granian", "pyqwest"), _GRANIAN, _SWITCHES),
    Entry("granian-uvloop", "granian + uvloop + pyqwest", ("granian", "uvloop", "pyqwest"),
          _GRANIAN, _SWITCHES),
    Entry("starlette", "uvicorn + Starlette + aiohttp",
          ("uvicorn", "httptools", "uvloop", "starlette", "aiohttp"), _UVICORN, _SWITCHES),
    Entry("tornado-aiohttp", "Tornado + aiohttp", ("aiohttp",),
          _handlers("py3.aiohttp_call"), _LEVELS),
    Entry("tornado-simple", "Tornado + its simple client", (), _handlers("simple_call"), _LEVELS),
    Entry("tornado-requests", "Tornado + requests in threads", ("requests",),
          _handlers("requests_call"), _LEVELS),
)

NAMES = tuple(entry.name for entry in SERVERS)


def named(name):
    # type: (str) -> Entry
    """Raises ValueError: there is no such server."""
    for entry in SERVERS:
        if entry.name == name:
            return entry
    raise ValueError("no server is called %s: choose of %s" % (name, ", ".join(NAMES)))


def is_python3_only(entry):
    # type: (Entry) -> bool
    return ".py3." in " ".join(entry.command)


def packages(entry):
    # type: (Entry) -> tuple[str, ...]
    """Return what pip calls the packages that only this server needs."""
    return entry.packages


def command(entry, case, port, upstream):
    # type: (Entry, Case, int, str) -> list[str]
    """Return the arguments of Python that start this server for a case.

    Args:
        upstream: its URL, without a path.
    """
    words = entry.command + (entry.logs[case.kind.has_access_log],)
    return [word.format(port=port, upstream=upstream) for word in words]
