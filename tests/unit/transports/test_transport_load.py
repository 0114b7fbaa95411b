"""What ``transport=`` takes, and what it refuses."""

from __future__ import absolute_import, division, print_function

import importlib

import pytest

from waterspout.exceptions import Unsupported
from waterspout.transports import TRANSPORTS, TransportUnavailable, load


@pytest.mark.parametrize("name, package", [("curl", "pycurl"), ("threads", "requests")])
def test_a_package_that_is_not_installed_is_named(monkeypatch, name, package):
    """With the command that installs it."""
    def missing(module):
        assert module == package
        raise ImportError("no module named %s" % module)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(TransportUnavailable) as caught:
        load(name)
    assert 'needs %s: pip install "waterspout[%s]"' % (package, name) in str(caught.value)


@pytest.mark.parametrize("name", ["httpx", "", "Pooled"])
def test_an_unknown_name_is_refused_with_those_that_are_known(name):
    """ValueError."""
    with pytest.raises(ValueError, match="choose one of " + ", ".join(TRANSPORTS)):
        load(name)


@pytest.mark.parametrize("given", [None, 1, object(), type("OnlySend", (), {"send": len})()])
def test_an_object_without_send_and_close_is_refused(given):
    """TypeError."""
    with pytest.raises(TypeError, match=r"must have send\(request, options\) and close\(\)"):
        load(given)


def test_an_object_with_send_and_close_is_used_as_it_is():
    """Whatever the IOLoop."""
    class Own(object):
        def send(self, request, options):
            return "sent %s, %s" % (request, options)

        def close(self):
            return "closed"

    transport = load(Own())(None, None)
    assert transport.send("a request", "some way") == "sent a request, some way"
    assert transport.close() == "closed"


def test_a_limit_of_the_pool_is_refused_on_another_transport():
    """Unsupported: it would have no effect."""
    assert load("pooled", ["max_queued"])
    assert load("tornado", ["max_connections"])
    with pytest.raises(Unsupported, match="the tornado transport cannot do max_queued"):
        load("tornado", ["max_connections", "max_queued"])
