"""What is measured: kinds of request, each with so many connections."""

from __future__ import absolute_import, division, print_function

import collections

#: ``function`` is the one of `messages` that makes the request; ``path`` is where it goes.
#: ``servers`` are those that answer it.
Kind = collections.namedtuple("Kind", "name function title path servers has_access_log")

_APPLICATIONS = ("waterspout", "tornado")
_GATEWAYS = ("gateway", "gateway-tornado", "starlette", "granian", "granian-uvloop",
             "tornado-aiohttp", "tornado-simple", "tornado-requests")
_IMPORT = "/cmdb/import/HOST"

#: In the order in which they are shown.
KINDS = (
    Kind("import", "import_call", "import call through a gateway", _IMPORT, _GATEWAYS, False),
    Kind("import-log", "import_call", "the same, with an access log", _IMPORT, _GATEWAYS, True),
    Kind("hello", "hello", "hello world", "/", _APPLICATIONS, False),
    Kind("json", "json_post", "POST of 10 KB of JSON, 20 header fields", "/json",
         _APPLICATIONS, False),
    Kind("page", "page", "page of 50 KB from a template, ETag", "/page", _APPLICATIONS, False),
    Kind("log", "hello", "hello world, with an access log", "/", _APPLICATIONS, True),
)


class Case(collections.namedtuple("Case", "kind connections busy")):
    """One kind of request on so many connections; ``busy`` of them are used all the time.

    Its name is like ``hello-64``. With none busy it is the memory of idle connections that is
    measured.
    """

    @property
    def name(self):
        # type: () -> str
        return "%s-%d" % (self.kind.name, self.connections) + ("" if self.busy else "-idle")

    @property
    def title(self):
        # type: () -> str
        if not self.busy:
            return "%s; %s idle connections" % (
                self.kind.title, format(self.connections, ","))
        return "%s; %s connections" % (self.kind.title, format(self.connections, ",")) + (
            ", %d of them busy" % self.busy if self.busy < self.connections else "")

    @property
    def idle(self):
        # type: () -> int
        """How many connections are only kept."""
        return self.connections - self.busy

    @property
    def servers(self):
        # type: () -> tuple[str, ...]
        """Those that are measured unless others are asked for."""
        if self.connections == BUSY:
            return self.kind.servers
        return tuple(name for name in self.kind.servers if name in _OF_MANY)


#: Connections that are used all the time; those of a service with many clients; idle ones.
BUSY, MANY, IDLE = 64, 2000, 10000

#: Whose many connections are measured.
_OF_MANY = ("gateway", "gateway-tornado", "waterspout", "tornado")


def _cases():
    for kind in KINDS:
        yield Case(kind, BUSY, BUSY)
        if kind.name == "import":
            yield Case(kind, MANY, BUSY)
        if kind.name in ("import", "hello"):
            yield Case(kind, IDLE, 0)


ALL = tuple(_cases())


def named(name):
    # type: (str) -> Case
    """Raises ValueError: there is no such case."""
    for case in ALL:
        if case.name == name:
            return case
    raise ValueError("no case is called %s" % name)
