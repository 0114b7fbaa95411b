"""The variants: the gateway's options, one at a time and all of them."""

from __future__ import absolute_import, division, print_function

import collections

#: The commit that the defaults are compared with: before the options came.
BEFORE = "3fd2ef3"

#: ``options`` are the gateway's; {folder} is a folder with the files of `files.FILES`. ``fields``
#: are header fields of each request. ``tree`` is a commit, or None for this tree; ``limit`` what
#: the CPU time may be at most, as a multiple of that of the variant named ``against``, or None.
Variant = collections.namedtuple("Variant", "name title options fields tls tree limit against")


def variant(name, title, options=(), fields=(), tls=False, tree=None, limit=None,
            against="before"):
    # type: (...) -> Variant
    return Variant(name, title, tuple(options), tuple(fields), tls, tree, limit, against)


_KEY = ("Authorization", "Bearer {key}")

#: It was there before the other options, and is a part of everything.
_DEADLINE = variant(
    "deadline", "deadline of each request", ["--deadline-header=X-Request-Timeout-Ms"],
    [("X-Request-Timeout-Ms", "30000")])

#: What everything on has of each, in this order. TLS is not among them: a balancer has it, or it
#: is measured alone.
_PARTS = (
    variant("log-json", "access log as JSON", ["--log-format=json"]),
    variant("operations", "operations, with metrics", ["--operations-port=0"]),
    variant("keys", "API keys", ["--api-keys={folder}/api-keys"], [_KEY]),
    variant("proxies", "the client's address from a proxy", ["--trusted-proxies=127.0.0.1"],
            [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")]),
    variant("overload", "limits on requests, on tenants and on memory",
            ["--max-requests=500", "--max-requests-per-tenant=400", "--max-waiting=100",
             "--max-body-memory=500000000"]),
    variant("rate", "rate limit of each client", ["--rate-limit=1000000"]),
    _DEADLINE,
)

VARIANTS = (
    variant("before", "before, defaults", tree=BEFORE),
    variant("before-deadline", "before, with the deadline of each request", _DEADLINE.options,
            _DEADLINE.fields, tree=BEFORE),
    variant("defaults", "defaults", limit=1.05),
    variant("quiet", "no access log", ["--access-log=off"]),
    variant("sampled", "access log of one request in a hundred", ["--access-log=0.01"]),
    variant("log-details", "access log with details", ["--access-log-details=on"]),
    variant("debug", "a secret for the page about a request",
            ["--debug-secret-file={folder}/debug-secret"]),
) + _PARTS + (
    variant("tls", "TLS", ["--tls-cert={folder}/cert.pem", "--tls-key={folder}/key.pem"],
            tls=True),
    variant("everything", "everything on, but TLS",
            [word for part in _PARTS for word in part.options],
            [field for part in _PARTS for field in part.fields], limit=1.25,
            against="before-deadline"),
)

NAMES = tuple(one.name for one in VARIANTS)


def named(name):
    # type: (str) -> Variant
    return VARIANTS[NAMES.index(name)]
