"""requests' adapter for one Route: which proxy, which target, which connections."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._routes.proxies import parse_proxy
from waterspout._routes.route import Route

requests = pytest.importorskip("requests")
adapter_module = pytest.importorskip("waterspout.transports.threads.route_adapter")


@pytest.fixture
def adapter():
    adapters = []

    def make(route=None):
        adapters.append(adapter_module.RouteAdapter(route))
        return adapters[-1]

    yield make
    for each in adapters:
        each.close()


def prepared(url):
    request = requests.PreparedRequest()
    request.prepare_url(url, None)
    return request


@pytest.mark.parametrize("url, proxies, target", [
    ("http://a.example/b?c", {}, "/b?c"),
    ("http://a.example//b", {}, "//b"),
    ("http://a.example/b?c", {"all": "http://proxy.example"}, "http://a.example/b?c"),
    ("https://a.example/b?c", {"all": "http://proxy.example"}, "/b?c"),
])
def test_a_proxy_that_reads_the_request_gets_the_whole_url(adapter, url, proxies, target):
    """The server, or a server behind a tunnel, gets path and query as they are."""
    assert adapter().request_url(prepared(url), proxies) == target


def test_settings_of_the_route_go_with_each_request(adapter):
    """verify, cert and proxies; credentials go to the proxy in a header of its own."""
    route = Route(parse_proxy("http://me:secret@proxy.example:3128"), False, "/cert")
    made, sent = adapter(route), []
    made.send = lambda request, **options: sent.append(options)
    made.perform("request", (1, 2))
    assert sent == [{
        "stream": True, "timeout": (1, 2), "verify": False, "cert": "/cert",
        "proxies": {"all": "http://proxy.example:3128"}}]
    assert made.proxy_headers("http://proxy.example:3128") == {
        "Proxy-Authorization": "Basic bWU6c2VjcmV0"}
    assert adapter().proxy_headers("http://proxy.example:3128") == {}


def test_connections_of_pools_are_kept_from_started_programs(adapter):
    """Those to a server, and those to a proxy."""
    made = adapter()
    for manager in (made.poolmanager, made.proxy_manager_for("http://proxy.example:3128")):
        for scheme in ("http", "https"):
            pool = manager.connection_from_url("%s://a.example/" % scheme)
            assert issubclass(pool.ConnectionCls, adapter_module._KeptFromPrograms)
