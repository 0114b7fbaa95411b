"""Say of which versions a server is made; end with an error if it cannot be used here.

    python -m benchmarks.servers.probe NAME
"""

from __future__ import absolute_import, division, print_function

import importlib
import json
import sys

from tornado.util import import_object

from benchmarks import servers
from benchmarks.probe import version


def versions(entry):
    # type: (Entry) -> dict[str, str]
    """Raises ImportError: a package, or the class of our server, is not there."""
    for package in entry.packages:
        importlib.import_module(package)
    for word in entry.command:
        if word.startswith("waterspout."):
            import_object(word)
    return {package: version(package) for package in ("waterspout", "tornado") + entry.packages}


if __name__ == "__main__":
    print(json.dumps({"versions": versions(servers.named(sys.argv[1]))}))
