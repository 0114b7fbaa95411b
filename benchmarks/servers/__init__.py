"""The servers, by name: what each is made of, and how it is started.

Importing this package imports no server.
"""

from __future__ import absolute_import, division, print_function

import collections

#: ``packages`` are what pip calls the peers that it is made of. ``command`` are the arguments of
#: Python; {port}, {upstream}, {kind} and {level} (of the log) stand for their values, and ``logs``
#: are the arguments to add where a case wants an access log, or wants none.
Entry = collections.namedtuple("Entry", "name title packages command logs")

_TORNADO_LOG = {True: ("info",), False: ("warning",)}
_APPLICATION = ("-m", "benchmarks.servers.application", "{server}", "{kind}", "{port}")
_IN_TORNADO = ("-m", "benchmarks.servers.handlers", "{call}", "{upstream}", "{port}")
_GATEWAY = ("-m", "waterspout_cmdb", "--port={port}", "--upstream={upstream}")


def _words(words, **values):
    """Fill in what is known of a command now."""
    return tuple(values.get(word.strip("{}"), word) for word in words)


SERVERS = (
    Entry("waterspout", "waterspout.HTTPServer", (),
          _words(_APPLICATION, server="waterspout.HTTPServer"), _TORNADO_LOG),
    Entry("tornado", "Tornado's HTTPServer", (),
          _words(_APPLICATION, server="tornado.httpserver.HTTPServer"), _TORNADO_LOG),
    Entry("gateway", "gateway", (), _GATEWAY,
          {True: ("--logging=info",), False: ("--logging=warning",)}),
    Entry("granian", "granian + pyqwest", ("granian", "pyqwest", "uvloop"),
          ("-m", "granian", "--interface", "asgi", "--port", "{port}",
           "benchmarks.servers.py3.bare_asgi:app"),
          {True: ("--access-log",), False: ("--no-access-log",)}),
    Entry("starlette", "uvicorn + Starlette + aiohttp",
          ("uvicorn", "httptools", "uvloop", "starlette", "aiohttp"),
          ("-m", "uvicorn", "--http", "httptools", "--loop", "uvloop", "--port", "{port}",
           "benchmarks.servers.py3.starlette_app:app"),
          {True: ("--access-log",), False: ("--no-access-log",)}),
    Entry("tornado-aiohttp", "Tornado + aiohttp", ("aiohttp",),
          _words(_IN_TORNADO, call="benchmarks.servers.py3.aiohttp_call"), _TORNADO_LOG),
    Entry("tornado-simple", "Tornado + its simple client", (),
          _words(_IN_TORNADO, call="benchmarks.servers.simple_call"), _TORNADO_LOG),
    Entry("tornado-requests", "Tornado + requests in threads", ("requests",),
          _words(_IN_TORNADO, call="benchmarks.servers.requests_call"), _TORNADO_LOG),
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
    return any(".py3." in word for word in entry.command)


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
    values = {"port": port, "upstream": upstream, "kind": case.kind.name}
    words = entry.command + entry.logs[case.kind.has_access_log]
    return [word.format(**values) for word in words]
