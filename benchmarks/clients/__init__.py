"""The clients, by name. Each is a class in a module of its own; see `benchmarks.clients.base`.

All of them keep connections where they can, allow as many at a time as there are concurrent
calls, have a timeout of TIMEOUT seconds, and otherwise keep their defaults. Importing this
package imports no client.
"""

from __future__ import absolute_import, division, print_function

import collections
import importlib

#: Seconds, for every client: never reached, but set, because that is how clients are used.
TIMEOUT = 60.0

#: Threads, for clients that need them. More do not make them faster: it is one interpreter.
THREADS = 8

#: ``option`` is handed to the class; ``package`` is what pip calls the peer, None for ours.
Entry = collections.namedtuple("Entry", "name title module option package")

CLIENTS = (
    Entry("session-pooled", "Session (pooled)", "clients.session", "pooled", None),
    Entry("session-curl", "Session (curl)", "clients.session", "curl", "pycurl"),
    Entry("session-tornado", "Session (tornado)", "clients.session", "tornado", None),
    Entry("session-threads", "Session (threads)", "clients.session", "threads", "requests"),
    Entry("fetch-pooled", "PooledHTTPClient", "clients.fetch",
          "waterspout.PooledHTTPClient", None),
    Entry("fetch-curl", "Tornado (curl)", "clients.fetch",
          "tornado.curl_httpclient.CurlAsyncHTTPClient", "pycurl"),
    Entry("fetch-simple", "Tornado (simple)", "clients.fetch",
          "tornado.simple_httpclient.SimpleAsyncHTTPClient", None),
    Entry("aiohttp", "aiohttp", "py3.aiohttp_client", None, "aiohttp"),
    Entry("pyqwest", "pyqwest", "py3.pyqwest_client", None, "pyqwest"),
    Entry("niquests", "niquests", "py3.niquests_client", None, "niquests"),
    Entry("httpx", "httpx", "py3.httpx_client", None, "httpx"),
    Entry("requests-session", "requests.Session in threads", "clients.requests_threads",
          "session", "requests"),
    Entry("requests", "requests.get in threads", "clients.requests_threads", None, "requests"),
)

NAMES = tuple(entry.name for entry in CLIENTS)


def named(name):
    # type: (str) -> Entry
    """Raises ValueError: there is no such client."""
    for entry in CLIENTS:
        if entry.name == name:
            return entry
    raise ValueError("no client is called %s: choose of %s" % (name, ", ".join(NAMES)))


def load(entry):
    # type: (Entry) -> type[Client]
    """Import the client's class. Raises ImportError when its package is not installed."""
    return importlib.import_module("benchmarks." + entry.module).Client


def is_python3_only(entry):
    # type: (Entry) -> bool
    return entry.module.startswith("py3.")


def packages(entry):
    # type: (Entry) -> tuple[str, ...]
    """Return what pip calls the packages that only this client needs."""
    return (entry.package,) if entry.package else ()
