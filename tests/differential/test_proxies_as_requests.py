"""Proxies, no_proxy and the environment: chosen as requests' own functions choose."""

from __future__ import absolute_import, division, print_function

import contextlib
import os

import requests
from certificates import AUTHORITY, CLIENT, STRANGERS_AUTHORITY
from hypothesis import example, given
from hypothesis import strategies as st
from requests import utils as theirs
from requests.compat import getproxies_environment

import waterspout
from waterspout._encoding.urls import parse
from waterspout._routes import proxies as ours
from waterspout._routes.route import Route
from waterspout._routes.route_selection import Routing

#: Before 2.34 a name in no_proxy is for every one that ends so: `no_proxy_suffix` in the table.
GREEDY = theirs.should_bypass_proxies("http://notexample.com/", "example.com")

NAMES = ["example.com", "www.example.com", "notexample.com", "com", "localhost", "a.b.c"]
ADDRESSES = ["10.0.0.1", "10.1.2.3", "127.0.0.1", "192.168.17.1", "127.1", "0x7f.1", "1.2.3.256"]
NETWORKS = ["10.0.0.0/8", "10.0.0.0/31", "127.0.0.1/32", "192.168.0.0/20", "10.0.0.0/0", "10/8",
            "10.0.0.0/33", "10.0.0.0/x", "127.1/16"]
#: Not the scheme's own, of which `default_port` and `no_proxy_port` in the table tell.
PORTS = ["", ":8080", ":8443"]

urls = st.builds(
    lambda scheme, host, port: "%s://%s%s/path" % (scheme, host, port),
    st.sampled_from(["http", "https"]), st.sampled_from(NAMES + ADDRESSES + ["[::1]"]),
    st.sampled_from(PORTS),
)
entries = st.builds(
    lambda dot, host, port, space: space + dot + host + port,
    st.sampled_from(["", "", "."]), st.sampled_from(NAMES + ADDRESSES[:4] + ["Example.COM", "::1"]),
    st.sampled_from(PORTS), st.sampled_from(["", " "]),
)
no_proxies = st.one_of(
    st.none(), st.just("*"),
    st.lists(st.one_of(entries, st.sampled_from(NETWORKS + ["", "*", "."])), max_size=4).map(
        ",".join),
)
proxy_urls = st.sampled_from(["http://one:1", "http://two:2", "http://me:secret@three:3", ""])
keys = st.one_of(
    st.sampled_from(["http", "https", "all"]),
    st.builds("{}://{}".format, st.sampled_from(["http", "https", "all"]), st.sampled_from(NAMES)),
)
mappings = st.dictionaries(keys, st.one_of(proxy_urls, st.none()), max_size=4)
environments = st.dictionaries(
    st.sampled_from(["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
                     "ALL_PROXY", "REQUEST_METHOD", "PROXY"]),
    proxy_urls, max_size=4,
)


@contextlib.contextmanager
def environment(variables):
    """Nothing but these in it, as far as proxies and authorities go."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


OLD = tuple(map(int, requests.__version__.split(".")[:2])) < (2, 28)


@given(urls, mappings)
def test_a_proxy_is_selected(url, proxies):
    """By scheme and host, by scheme, for all."""
    assert ours.select_proxy(parse(url), proxies) == theirs.select_proxy(url, proxies)


@given(urls, no_proxies)
@example(u"http://example.com:8080/path", ".example.com:8080")
@example(u"http://example.com:8080/path", "Example.COM:8080")
def test_proxies_are_bypassed(url, no_proxy):
    """By name, suffix, port, address and network, in any case.

    requests compares a name that has a port with regard to case, and one without a port not.
    """
    with environment({}):
        expected = theirs.should_bypass_proxies(url, (no_proxy or "").lower())
    bypassed = ours.should_bypass_proxies(parse(url), no_proxy)
    # Those greedy ones do not know a name in ".name:port", as later ones do.
    assert bypassed == expected or GREEDY and (expected or u":" in no_proxy)


@given(environments)
def test_the_environment_is_read(variables):
    """Lower case over upper case, and no CGI program fooled."""
    with environment(variables):
        assert ours.environment_proxies(os.environ) == getproxies_environment()


@given(urls, mappings, environments, no_proxies)
def test_no_proxy_changes_no_environment_variable(url, of_call, variables, no_proxy):
    """no_proxy= counts without a word to the environment, which is every thread's."""
    with environment(variables):
        before = dict(os.environ)
        ours.merge_proxies(parse(url), {}, dict(of_call, no_proxy=no_proxy), os.environ)
        assert dict(os.environ) == before


@given(urls, mappings, mappings, environments, no_proxies, st.booleans())
def test_settings_are_merged(url, of_session, of_call, variables, no_proxy, trust_env):
    """The call's over the environment's over the session's; None removes."""
    if no_proxy is not None:
        variables = dict(variables, NO_PROXY=no_proxy)
    session = requests.Session()
    session.trust_env, session.proxies = trust_env, of_session
    with environment(variables):
        bypassed = ours.should_bypass_proxies(parse(url), no_proxy)
        if GREEDY and bypassed != theirs.should_bypass_proxies(url, None):
            return
        expected = session.merge_environment_settings(url, dict(of_call), None, None, None)
        merged = ours.merge_proxies(
            parse(url), of_session, of_call, os.environ if trust_env else None)
    assert ours.select_proxy(parse(url), merged) == theirs.select_proxy(url, expected["proxies"])


@given(
    st.sampled_from([None, True, False, AUTHORITY, STRANGERS_AUTHORITY]),
    st.sampled_from([True, False, AUTHORITY]),
    st.dictionaries(st.sampled_from(["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]),
                    st.sampled_from([AUTHORITY, STRANGERS_AUTHORITY, ""])),
    st.sampled_from([None, CLIENT]), st.sampled_from([None, AUTHORITY]), st.booleans(),
)
def test_verify_is_merged(of_call, of_session, variables, cert, session_cert, trust_env):
    """The environment's authorities over the session's, as the call did not say otherwise."""
    if OLD and trust_env and of_call in (True, None) and not any(variables.values()):
        return  # It takes an empty variable for a path, and loses the call's word.
    options = dict(verify=of_session, cert=session_cert, trust_env=trust_env)
    session, mine = requests.Session(), waterspout.Session(**options)
    for name, value in options.items():
        setattr(session, name, value)
    with environment(variables):
        expected = session.merge_environment_settings("https://host/", {}, None, of_call, cert)
        route = Routing(mine, None, of_call, cert).route(parse("https://host/")) or Route()
    assert (route.verify, route.cert) == (expected["verify"], expected["cert"])
