"""What makes two connections differ."""

from __future__ import absolute_import, division, print_function

import socket
import ssl

import pytest

from waterspout._net.origin import Origin, Proxy
from waterspout._net.tls_options import DEFAULT_TLS, TLSOptions

CONTEXT = ssl.create_default_context()


def origin(**changes):
    arguments = dict(scheme="https", host="h.example", port=443, tls=TLSOptions(), proxy=None,
                     family=socket.AF_UNSPEC, source_address=None, unix_socket=None)
    arguments.update(changes)
    return Origin(**arguments)


DIFFERENCES = [
    dict(scheme="http"), dict(host="other.example"), dict(port=444), dict(tls=None),
    dict(tls=TLSOptions(verify=False)), dict(tls=TLSOptions(ca="a.pem")),
    dict(tls=TLSOptions(cert="c.pem")), dict(tls=TLSOptions(cert="c.pem", key="k.pem")),
    dict(tls=TLSOptions(context=CONTEXT)), dict(tls=TLSOptions(checks_name=True)),
    dict(tls=TLSOptions(context=ssl.create_default_context())),
    dict(proxy=Proxy("p.example", 3128)), dict(proxy=Proxy("p.example", 3129)),
    dict(proxy=Proxy("q.example", 3128)), dict(proxy=Proxy("p.example", 3128, b"Basic x")),
    dict(family=socket.AF_INET), dict(family=socket.AF_INET6), dict(source_address="127.0.0.2"),
    dict(unix_socket="/run/a"), dict(unix_socket="/run/b"),
    dict(address=(socket.AF_INET, ("10.0.0.7", 443))),
    dict(address=(socket.AF_INET, ("10.0.0.8", 443))),
    dict(address=(socket.AF_INET, ("10.0.0.7", 444))),
    dict(address=(socket.AF_INET6, ("::1", 443, 0, 0))),
]


def test_origins_with_equal_options_are_equal():
    """Values, not objects: each call may make its own."""
    assert origin() == origin() and hash(origin()) == hash(origin())
    assert not origin() != origin()
    for changes in DIFFERENCES:
        assert origin(**changes) == origin(**changes)


@pytest.mark.parametrize("index", range(len(DIFFERENCES)))
def test_origins_that_differ_in_one_option_are_not_equal(index):
    """No connection is shared between two that differ in any option (tornado#1457)."""
    changed = origin(**DIFFERENCES[index])
    assert changed != origin()
    for other in DIFFERENCES[:index] + DIFFERENCES[index + 1:]:
        assert changed != origin(**other)


def test_an_origin_does_not_equal_other_types():
    """Not even to what looks like it."""
    assert origin() != "https://h.example:443"
    assert Proxy("p", 1) != ("p", 1, None)
    assert DEFAULT_TLS != (True, None, None, None, None)


def test_an_origin_shows_no_credentials():
    """Not in a str, and not in a repr."""
    shown = origin(proxy=Proxy("p.example", 3128, b"Basic c2VjcmV0"))
    for text in (str(shown), repr(shown), str(shown.proxy), repr(shown.proxy)):
        assert "c2VjcmV0" not in text and "p.example:3128" in text


def test_the_text_of_an_origin_names_proxy_and_socket():
    """As messages and stats() show it."""
    assert str(origin()) == "https://h.example:443"
    assert str(origin(unix_socket="/run/x")) == "https://h.example:443 at unix:/run/x"
    assert str(origin(proxy=Proxy("p", 1))) == "https://h.example:443 through p:1"


@pytest.mark.parametrize("address, shown", [
    (("10.0.0.7", 443), "10.0.0.7"), (("10.0.0.7", 8443), "10.0.0.7:8443"),
    (("::1", 443, 0, 0), "::1"), (("::1", 8443, 0, 0), "[::1]:8443"),
])
def test_the_text_of_an_origin_names_its_address(address, shown):
    """With the port, if it is another one than the URL's."""
    family = socket.AF_INET if len(address) == 2 else socket.AF_INET6
    assert str(origin(address=(family, address))) == "https://h.example:443 at %s" % shown


def test_only_https_goes_through_a_tunnel():
    """Plain http is the proxy's to read."""
    proxy = Proxy("p.example", 3128)
    assert origin(proxy=proxy).tunnelled
    assert not origin(proxy=proxy, scheme="http", tls=None).tunnelled
    assert not origin().tunnelled


def test_a_renewed_certificate_file_makes_another_origin(tmp_path):
    """The file has the same name, but what was checked with it is not the same."""
    path = tmp_path / "ca.pem"
    path.write_bytes(b"old")
    before = TLSOptions(ca=str(path))
    assert before == TLSOptions(ca=str(path))
    path.write_bytes(b"renewed")
    assert before != TLSOptions(ca=str(path))
