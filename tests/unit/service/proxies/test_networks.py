"""Which addresses a list of networks contains, and which lists are refused."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._proxies.networks import Networks


@pytest.mark.parametrize("network, inside, outside", [
    ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3", "::FFFF:0A01:0203"],
     ["9.255.255.255", "11.0.0.0", "::10.1.2.3", "::1"]),
    ("192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
    ("192.0.2.0/31", ["192.0.2.0", "192.0.2.1"], ["192.0.2.2"]),
    ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255", "::ffff:1.2.3.4"], ["::1", "::"]),
    ("::1", ["::1", "0:0:0:0:0:0:0:1"], ["::2", "0.0.0.1", "127.0.0.1"]),
    ("fd00::/8", ["fd00::", "fdff:ffff::1", "FD12::1"], ["fc00::1", "fe00::1"]),
    ("fe80::/10", ["fe80::1%eth0", "fe80::1"], ["fec0::1%eth0"]),
    ("::/0", ["::", "2001:db8::1"], ["127.0.0.1", "::ffff:127.0.0.1"]),
    ("::ffff:10.0.0.0/104", ["10.0.0.1", "::ffff:10.0.0.1"], ["11.0.0.1", "a00::1"]),
    ("::ffff:10.0.0.1", ["10.0.0.1", "::ffff:10.0.0.1"], ["10.0.0.2"]),
    ("unix:", ["unix:", "unix:/run/proxy.sock"], ["127.0.0.1", "unix", "0.0.0.0"]),
])
def test_addresses_are_found_by_their_prefix(network, inside, outside):
    """IPv4-mapped addresses count as IPv4, and a zone does not matter."""
    networks = Networks([network])
    assert [address for address in inside if not networks.contains(address)] == []
    assert [address for address in outside if networks.contains(address)] == []


def test_several_networks_are_one_list():
    """An address in any of them is contained."""
    networks = Networks(["10.0.0.0/8", "192.168.0.0/16", "172.16.0.0/12", "::1", "unix:"])
    for address in ("10.1.1.1", "192.168.3.4", "172.31.255.255", "::1", "unix:"):
        assert networks.contains(address)
    for address in ("192.169.0.0", "172.32.0.0", "::2"):
        assert not networks.contains(address)


def test_no_network_contains_nothing():
    """And the empty list is false."""
    assert not Networks([])
    assert not Networks([]).contains("127.0.0.1")
    assert not Networks([]).contains("unix:")
    assert Networks(["::1"])


@pytest.mark.parametrize("address", [
    None, "", " ", "localhost", "10.0.0", "10.0.0.1 ", "010.0.0.1", "10.0.0.1:80", "[::1]", "1",
    "::1/128", "10.0.0.1\0", "10.0.0.1\n", u"\uff110.0.0.1", u"::\u0661",
    b"\xff", "::ffff:10.0.0.1.2",
    "10.0.0.256", "0x0a000001", "10.0.0.1%eth0", 7, ("10.0.0.1", 80),
])
def test_what_is_no_address_is_in_no_network(address):
    """Text from a client must not raise, nor match by a generous reading."""
    assert not Networks(["0.0.0.0/0", "::/0"]).contains(address)


@pytest.mark.parametrize("network", [
    "", " ", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/ 8", "10.0.0.0/8/8", "::/129",
    "10.0.0.0/255.0.0.0", "10/8", "10.0.0.1/8", "fe80::1%eth0", "localhost", "unix", "unix:/x",
    "::ffff:0:0/80", "10.0.0.0/0008",
    u"10.0.0.0/\uff18",
])
def test_what_is_no_network_is_refused(network):
    """The error has the item, so that it can be found in a configuration."""
    with pytest.raises(ValueError) as caught:
        Networks(["10.0.0.0/8", network])
    assert "%r is not a network" % network in str(caught.value)


@pytest.mark.parametrize("networks", ["10.0.0.0/8", [None], [8]])
def test_what_is_no_list_of_text_is_a_type_error(networks):
    """One text would otherwise be read as a list of characters."""
    with pytest.raises(TypeError):
        Networks(networks)


def test_repr_shows_the_networks():
    """For logs and --show-config."""
    assert repr(Networks(["10.0.0.0/8", "unix:"])) == "Networks(['10.0.0.0/8', 'unix:'])"
