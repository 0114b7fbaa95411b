"""What is measured: kinds of call, each at some concurrencies."""

from __future__ import absolute_import, division, print_function

import collections

from benchmarks import values

#: What is downloaded: path -> bytes.
FILES = {"/64k": 64 * 1024, "/1m": 1024 * 1024}

#: ``function`` is the method of a client that makes the call.
Kind = collections.namedtuple("Kind", "name function title path concurrencies")

_SMALL = (64, 1000)
_BODIES = (16, 64, 1000)

#: In the order in which they are shown: from what a service calls to the bare call.
KINDS = (
    Kind("sdk", "sdk", "POST of JSON through an SDK, request id", values.IMPORT_PATH, _SMALL),
    Kind("post-json", "post_json", "POST of JSON, 3 headers, timeout, json()", "/json", _SMALL),
    Kind("get-json", "get_json", "GET, 3 headers, timeout, json()", "/json", _SMALL),
    Kind("params", "params", "GET, 3 params", "/json", _SMALL),
    Kind("headers", "headers", "GET, 3 headers", "/json", _SMALL),
    Kind("auth", "auth", "GET, auth=(user, password)", "/json", _SMALL),
    Kind("cookies", "cookies", "GET, cookies=", "/json", _SMALL),
    Kind("jar", "jar", "GET, a cookie in the jar", "/json", _SMALL),
    Kind("stream", "stream", "GET, read in pieces", "/json", _SMALL),
    Kind("sdk-each", "sdk_each", "SDK made and closed for the call", values.IMPORT_PATH, _SMALL),
    Kind("upload", "upload", "POST of 64 KiB", "/json", _BODIES),
    Kind("64k", "download", "64 KiB download", "/64k", _BODIES),
    Kind("1m", "download", "1 MiB download", "/1m", _BODIES),
    Kind("get-id", "get_id", "GET, request id", "/json", _SMALL),
    Kind("get", "get", "GET, nothing but its URL", "/json", (1, 64, 1000)),
)


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
        return "%s; %s concurrent" % (self.kind.title, format(self.concurrency, ","))

    @property
    def body_bytes(self):
        # type: () -> int
        """How long every answer must be."""
        return FILES.get(self.kind.path, len(values.JSON))

    @property
    def memory_bytes(self):
        # type: () -> int
        """What a client may need for bodies at least, its buffers and copies included."""
        return 4 * self.body_bytes * self.concurrency


ALL = tuple(Case(kind, concurrency) for kind in KINDS for concurrency in kind.concurrencies)
