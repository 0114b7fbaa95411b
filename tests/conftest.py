from __future__ import absolute_import, division, print_function

import gc
import importlib
import logging
import os
import socket
import sys

import hypothesis
import pytest
from tornado.testing import AsyncTestCase

HERE = os.path.dirname(os.path.abspath(__file__))

# For a run by hand in an environment where the project is not installed.
for _folder in ("src", os.path.join("cmdb", "src")):
    sys.path.insert(0, os.path.join(os.path.dirname(HERE), _folder))

# For `benchmarks`; last, since the root has folders of common names.
sys.path.append(os.path.dirname(HERE))

# What the tests share are plain modules.
sys.path.insert(0, os.path.join(HERE, "support"))
pytest_plugins = ["client_fixtures", "installation_fixtures", "leftovers", "slow_tests"]

# `async def` does not compile on Python 2.7; soaks run for minutes.
collect_ignore = ["py3"] if sys.version_info[0] == 2 else []
collect_ignore += [] if os.environ.get("SOAK_TESTS") else ["soak"]

# The hypothesis of Python 2.7 takes several times as long for an example.
EXAMPLES = 25 if sys.version_info[0] == 2 else 100
# How fast examples are made says more about the machine than about a strategy.
COMMON = dict(
    deadline=None, max_examples=EXAMPLES, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("local", **COMMON)
hypothesis.settings.register_profile("ci", derandomize=True, **COMMON)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")

# How long tornado.testing waits; its 5 s are too few for a busy machine.
os.environ.setdefault("ASYNC_TEST_TIMEOUT", "30")

# pytest makes a case without the name of a test, which Tornado's cannot be before 6.4.1.
if not hasattr(AsyncTestCase, "runTest"):
    AsyncTestCase.runTest = None

# Servers under test answer errors on purpose, one log line for each.
logging.getLogger("tornado.access").setLevel(logging.CRITICAL)


def pytest_configure(config):
    """Say which interpreter may not skip the tests that need a package."""
    if os.environ.get("STRICT_TESTS"):
        for package in ("pycurl", "requests_oauthlib", "requests_aws4auth", "prometheus_client",
                        "openpyxl", "defusedxml", "chardet", "tqdm"):
            try:
                importlib.import_module(package)
            except ImportError as error:
                raise pytest.UsageError("%s is required here: %s" % (package, error))
        # Not imported: that sets up logging. It is a requirement from 3.10 on.
        if sys.version_info >= (3, 10) and importlib.util.find_spec("distributed") is None:
            raise pytest.UsageError("distributed is required here")


def pytest_collection_finish():
    """Take the collected tests, hundreds of thousands of objects, out of the garbage collector.

    Otherwise each full collection holds up the IOLoop of a test for a quarter of a second.
    """
    gc.collect()
    if hasattr(gc, "freeze"):
        gc.freeze()


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch):
    """Fail a test that connects a socket to anything but this machine."""
    refused = []

    def guarded(method):
        def connect(self, address):
            if not is_local(address):
                refused.append(address)
                raise AssertionError("a test may not connect to %r" % (address,))
            return method(self, address)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
    yield
    assert refused == []


def is_local(address):
    if not isinstance(address, tuple):
        return True  # the path of a unix socket
    host = address[0].partition("%")[0]  # Without an IPv6 zone.
    return host in ("localhost", "::1") or host.startswith(("127.", "::ffff:127."))
