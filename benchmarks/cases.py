"""What is measured: four kinds of call, each at three concurrencies."""

from __future__ import absolute_import, division, print_function

import collections
import json

#: The JSON that is posted, and the one that is answered (166 bytes).
PAYLOAD = {
    "code": 0,
    "message": "",
    "data": {
        "total": 2,
        "list": [
            {"name": "web-1", "ip": "10.0.0.1", "cpu": 8, "memory": 32},
            {"name": "web-2", "ip": "10.0.0.2", "cpu": 8},
        ],
    },
}
JSON = json.dumps(PAYLOAD)

#: What the upstream serves: path -> bytes in the body.
BODIES = {"/json": len(JSON), "/64k": 64 * 1024, "/1m": 1024 * 1024}

Kind = collections.namedtuple("Kind", "name method path title")
KINDS = (
    Kind("get", "GET", "/json", "GET of small JSON"),
    Kind("post", "POST", "/json", "POST of small JSON"),
    Kind("64k", "GET", "/64k", "64 KiB download"),
    Kind("1m", "GET", "/1m", "1 MiB download"),
)

#: Calls at a time.
CONCURRENCIES = (1, 64, 1000)


class Case(collections.namedtuple("Case", "kind concurrency")):
    """One kind of call at one concurrency; its name is like ``get-64``."""

    @classmethod
    def named(cls, name):
        # type: (str) -> Case
        """Raises ValueError: there is no such case."""
        kind, _, concurrency = name.rpartition("-")
        for each in KINDS:
            if each.name == kind:
                return cls(each, int(concurrency))
        raise ValueError("no case is called %s" % name)

    @property
    def name(self):
        # type: () -> str
        return "%s-%d" % (self.kind.name, self.concurrency)

    @property
    def title(self):
        # type: () -> str
        return "%s, %s concurrent" % (self.kind.title, format(self.concurrency, ","))

    @property
    def body_bytes(self):
        # type: () -> int
        """How long every answer must be."""
        return BODIES[self.kind.path]


    @property
    def memory_bytes(self):
        # type: () -> int
        """What a client may need for bodies at least, its buffers and copies included."""
        return 4 * self.body_bytes * self.concurrency


ALL = tuple(Case(kind, concurrency) for kind in KINDS for concurrency in CONCURRENCIES)
