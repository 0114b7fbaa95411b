"""SDKs made one after another: each has its own settings, and each argument is checked."""

from __future__ import absolute_import, division, print_function

import pytest

import waterspout
from waterspout import BaseSDK, ClientTimeout
from waterspout.exceptions import InvalidURL, Unsupported

HOST = "a.example:8079"


def test_what_one_sdk_changes_no_other_sees():
    """Headers, hooks, proxies and the timeout are those of one SDK."""
    first, second = BaseSDK(HOST, org=1), BaseSDK(HOST, org=1)
    first.headers["X-A"] = "1"
    first.headers["User-Agent"] = "mine"
    del first.headers["org"]
    first.session.timeout = 3
    first.session.hooks["response"].append(print)
    first.session.proxies["http"] = "http://proxy.example:1"
    first.base_url = "http://b.example"
    third = BaseSDK(HOST, org=1)
    for sdk in (second, third):
        assert "X-A" not in sdk.headers and sdk.headers["org"] == "1"
        assert sdk.headers["User-Agent"].startswith("waterspout/")
        assert sdk.session.timeout == ClientTimeout.of(waterspout.constants.TIMEOUT)
        assert sdk.session.hooks == {"response": []} and sdk.session.proxies == {}
        assert sdk.base_url == "http://a.example:8079"


def test_each_sdk_has_the_options_that_it_was_given():
    """Where the host is the same, and other arguments differ."""
    for number in (1, 2, 1):
        sdk = BaseSDK(HOST, org=number, user="u%d" % number, timeout=number,
                      max_connections=number, headers={"X-A": "%d" % number})
        shown = (sdk.headers["org"], sdk.headers["user"], sdk.headers["X-A"],
                 sdk.session.timeout.read, sdk.session.limits.max_connections)
        assert shown == ("%d" % number, "u%d" % number, "%d" % number, number, number)


@pytest.mark.parametrize("host, base_url", [
    ("a.example", "http://a.example"), (u"a.example", "http://a.example"),
    (b"a.example", "http://a.example"), ("https://A.example:443/v1/", "https://a.example/v1"),
])
def test_equal_hosts_make_equal_urls(host, base_url):
    """The first and the next time; `api_host` is the host as it was given."""
    for _ in range(2):
        sdk = BaseSDK(host)
        assert sdk.base_url == base_url and type(sdk.base_url) is str
        assert sdk.api_host is host


@pytest.mark.parametrize("arguments, error", [
    ({"host": "http://me:secret@a.example"}, InvalidURL), ({"host": "a.example?x"}, InvalidURL),
    ({"host": ["a.example", 5]}, InvalidURL), ({"host": []}, ValueError),
    ({"host": None}, InvalidURL),
    ({"errors": "none"}, ValueError), ({"timeout": 0}, ValueError), ({"timeout": "1"}, TypeError),
    ({"max_connections": 0}, ValueError), ({"max_connections": True}, ValueError),
    ({"max_idle": "1"}, ValueError), ({"org": "a\nb"}, ValueError),
    ({"headers": {"X-A": "a\nb"}}, ValueError), ({"headers": 5}, TypeError),
    ({"transport": "none"}, ValueError), ({"max_conections": 5}, TypeError),
    ({"transport": "tornado", "max_idle": 5}, Unsupported),
], ids=str)
def test_an_invalid_argument_is_refused_each_time(arguments, error):
    """Also after an SDK with the same host was made."""
    BaseSDK(HOST)
    for _ in range(2):
        with pytest.raises(error):
            BaseSDK(**dict({"host": HOST}, **arguments))


def test_a_host_with_credentials_is_kept_nowhere():
    """They are refused, and not in the store of parsed hosts."""
    with pytest.raises(InvalidURL):
        BaseSDK("http://me:secret@a.example")
    assert not any("secret" in host for host in waterspout._sdk.bases._bases)


def test_the_store_of_hosts_has_a_bound():
    for number in range(2000):
        BaseSDK("h%d.example" % number)
    assert len(waterspout._sdk.bases._bases) < 1000


def test_a_subclass_may_set_anything_in_its_constructor():
    """Before or after that of BaseSDK."""
    class Mine(BaseSDK):
        def __init__(self, host, token):
            super(Mine, self).__init__(host, org=7)
            self.headers["X-Token"] = token
            self.session.timeout = (1, 2)

        def decode(self, response):
            return response

    sdk = Mine(HOST, "t")
    assert sdk.headers["X-Token"] == "t" and sdk.session.timeout == ClientTimeout(1, 2)
    assert BaseSDK(HOST).session.timeout != ClientTimeout(1, 2)
