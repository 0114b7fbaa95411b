"""The private names of other clients that we override or call exist."""

from __future__ import absolute_import, division, print_function

import importlib

import pytest

#: (module, class, its names that a transport builds on).
NAMES = [
    ("tornado.simple_httpclient", "SimpleAsyncHTTPClient", ["_connection_class", "fetch_impl"]),
    ("tornado.simple_httpclient", "_HTTPConnection", [
        "run", "_create_connection", "headers_received", "on_connection_close", "finish",
        "_on_timeout"]),
    ("tornado.curl_httpclient", "CurlAsyncHTTPClient", ["_finish", "_set_timeout", "fetch_impl"]),
    ("tornado.iostream", "IOStream", ["read_from_fd", "read_until"]),
    ("urllib3", "HTTPSConnectionPool", ["_validate_conn", "_prepare_proxy"]),
    ("urllib3", "HTTPResponse", ["connection"]),
    ("urllib3", "HTTPConnectionPool", ["ConnectionCls"]),
    ("urllib3.connection", "HTTPConnection", ["_new_conn"]),
    ("pycurl", "Curl", ["getinfo"]),
]


@pytest.mark.parametrize("module, name, attributes", NAMES, ids=[each[1] for each in NAMES])
def test_names_of_other_libraries_that_we_use_exist(module, name, attributes):
    """If a newer version renames one, our override would never be called."""
    pytest.importorskip({"tornado.curl_httpclient": "pycurl"}.get(module, module))
    owner = getattr(importlib.import_module(module), name)
    assert [each for each in attributes if not hasattr(owner, each)] == []


def test_urllib3_makes_pools_of_our_classes():
    """By an attribute of each manager."""
    urllib3 = pytest.importorskip("urllib3")
    plain = type("Plain", (urllib3.HTTPConnectionPool,), {})
    ours = type("Pool", (urllib3.HTTPSConnectionPool,), {})
    for manager in (urllib3.PoolManager(), urllib3.ProxyManager("http://proxy")):
        assert sorted(manager.pool_classes_by_scheme) == ["http", "https"]
        manager.pool_classes_by_scheme = {"http": plain, "https": ours}
        assert type(manager.connection_from_url("http://host/")) is plain
        assert type(manager.connection_from_url("https://host/")) is ours
