"""From a session's settings, a call's keywords and the environment to one Route."""

from __future__ import absolute_import, division, print_function

import pytest
from certificates import AUTHORITIES, AUTHORITY, CLIENT

from waterspout._encoding import urls
from waterspout._routes.route_selection import Routing, routing_of
from waterspout.exceptions import InvalidProxyURL, SSLError, Unsupported

HTTP, HTTPS = urls.parse("http://a.example/"), urls.parse("https://a.example/")


class Session(object):
    """The settings of a session that routes depend on."""

    def __init__(self, **settings):
        self.verify, self.cert, self.proxies = True, None, {}
        self.trust_env, self.unix_socket = False, None
        self.__dict__.update(settings)


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Set a variable of the environment; none that counts is there."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE",
                 "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch.setenv


def route(url=HTTPS, proxies=None, verify=None, cert=None, **settings):
    return Routing(Session(**settings), proxies, verify, cert).route(url)


def test_nothing_that_is_set_is_no_route():
    """To be known without a look at the URL."""
    assert routing_of(Session(), None, None, None) is None
    assert route() is None and route(HTTP) is None


@pytest.mark.parametrize("settings, arguments", [
    ({"verify": False}, {}), ({"cert": CLIENT}, {}), ({"proxies": {"http": "x"}}, {}),
    ({"trust_env": True}, {}), ({"unix_socket": "/s"}, {}), ({}, {"proxies": {}}),
    ({}, {"verify": True}), ({}, {"cert": CLIENT}),
])
def test_anything_that_is_set_is_looked_at_for_each_url(settings, arguments):
    """Of the session, or of the call."""
    arguments = dict({"proxies": None, "verify": None, "cert": None}, **arguments)
    assert routing_of(Session(**settings), **arguments) is not None


@pytest.mark.parametrize("session, call, result", [
    (True, None, True), (False, None, False), (False, True, True), (True, False, False),
    (AUTHORITY, None, AUTHORITY), (AUTHORITY, False, False), (False, AUTHORITY, AUTHORITY)])
def test_verify_of_the_call_counts_more_than_the_sessions(session, call, result):
    """None leaves the session's."""
    found = Routing(Session(verify=session, cert=CLIENT), None, call, None).route(HTTPS)
    assert found.verify == result


def test_tls_settings_are_ignored_for_http():
    """One route serves all of it, and no file is looked for."""
    assert route(HTTP, verify="/missing", cert="/missing") is None


def test_a_file_that_is_missing_is_an_error():
    """SSLError, before anything is sent."""
    for arguments in ({"verify": "/missing"}, {"cert": "/missing"}, {"cert": (CLIENT, "/missing")}):
        with pytest.raises(SSLError):
            route(**arguments)


def test_a_proxy_of_the_call_goes_over_the_sessions():
    """By key; None removes one."""
    settings = {"http": "http://one:1", "https": "http://two:2"}
    found = Routing(Session(proxies=settings), {"https": "http://three:3"}, None, None)
    assert (found.route(HTTP).proxy.host, found.route(HTTPS).proxy.host) == ("one", "three")
    assert Routing(Session(proxies=settings), {"https": None}, None, None).route(HTTPS) is None


def test_the_environment_counts_only_where_it_is_trusted(environment):
    """``trust_env``."""
    environment("HTTPS_PROXY", "http://env:1")
    assert route() is None
    assert route(trust_env=True).proxy.host == "env"
    environment("NO_PROXY", "a.example")
    assert route(trust_env=True) is None


def test_authorities_of_the_environment_count_more_than_the_sessions(environment):
    """As in requests; less than what a call says, unless that is True."""
    environment("CURL_CA_BUNDLE", AUTHORITIES)
    assert route(trust_env=True).ca == AUTHORITIES
    environment("REQUESTS_CA_BUNDLE", AUTHORITY)
    assert route(trust_env=True).ca == AUTHORITY
    assert route(verify=True, trust_env=True).ca == AUTHORITY
    assert route(verify=False, trust_env=True).verify is False
    assert Routing(Session(verify=AUTHORITIES, trust_env=True)).route(HTTPS).ca == AUTHORITY


def test_a_socket_and_proxies_exclude_each_other(environment):
    """A proxy of the environment does not count then."""
    environment("HTTPS_PROXY", "http://env:1")
    assert route(unix_socket="/s", trust_env=True).proxy is None
    assert route(unix_socket="/s").unix_socket == "/s"
    proxies = {"http": "http://one:1"}
    for routing in (Routing(Session(unix_socket="/s"), proxies),
                    Routing(Session(unix_socket="/s", proxies=proxies))):
        with pytest.raises(ValueError, match="unix socket"):
            routing.route(HTTP)


@pytest.mark.parametrize("proxy, error_class", [
    ("socks5://proxy.example:1080", Unsupported), ("http://", InvalidProxyURL)])
def test_a_proxy_that_cannot_be_used_is_an_error(proxy, error_class):
    """Of its kind, or of its URL."""
    with pytest.raises(error_class):
        route(proxies={"all": proxy})


def test_what_a_session_says_later_does_not_change_a_call():
    """Its redirects take the routes that it began with."""
    session = Session(proxies={"https": "http://one:1"})
    routing = Routing(session)
    session.proxies["https"] = "http://two:2"
    session.verify = False
    assert routing.route(HTTPS).proxy.host == "one" and routing.route(HTTPS).verify is True
