"""Say whether a client can be used here, what it lacks, and which versions it is made of.

    python -m benchmarks.probe CLIENT

Prints JSON: ``versions`` (package -> version) and ``lacks`` (kind of call -> why). Otherwise it
ends with the error that says what is missing.
"""

from __future__ import absolute_import, division, print_function

import json
import sys

from tornado import gen
from tornado.ioloop import IOLoop

from benchmarks import cases, clients

try:
    from importlib.metadata import version
except ImportError:  # py2

    def version(package):
        from pkg_resources import get_distribution

        return get_distribution(package).version


@gen.coroutine
def lacks(entry):
    # type: (Entry) -> Future[dict[str, str]]
    """Make a client and close it, without a call; return the kinds that it does not offer."""
    client = clients.load(entry)(cases.ALL[0], "http://127.0.0.1", entry.option)
    closing = client.close()
    if closing is not None:
        yield closing
    raise gen.Return(client.lacks)


def versions(entry):
    # type: (Entry) -> dict[str, str]
    packages = ["waterspout", "tornado"] + ([entry.package] if entry.package else [])
    found = {package: version(package) for package in packages}
    if entry.package == "pycurl":
        import pycurl

        found["libcurl"] = pycurl.version_info()[1]
    return found


if __name__ == "__main__":
    entry = clients.named(sys.argv[1])
    lacking = IOLoop.current().run_sync(lambda: lacks(entry))
    print(json.dumps({"versions": versions(entry), "lacks": lacking}))
