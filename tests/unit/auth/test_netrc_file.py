"""User names and passwords of the netrc file."""

from __future__ import absolute_import, division, print_function

import os

import pytest

from waterspout.auth import netrc_file
from waterspout.auth.netrc_file import netrc_login


@pytest.fixture
def write(tmpdir, monkeypatch):
    """Write the file that ``NETRC`` names."""
    path = tmpdir.join("netrc")
    monkeypatch.setenv("NETRC", str(path))
    return path.write


def test_a_host_has_its_own_entry(write):
    """Another host, also one below it, has none."""
    write("machine a.example login me password secret\n")
    assert netrc_login("a.example") == ("me", "secret")
    assert netrc_login("b.example") is None and netrc_login("sub.a.example") is None


def test_the_default_entry_is_for_every_other_host(write):
    """As other programs have it."""
    write("machine a.example login me password secret\ndefault login any password word\n")
    assert netrc_login("a.example") == ("me", "secret")
    assert netrc_login("b.example") == ("any", "word")


def test_an_ipv6_address_is_found_without_brackets(write):
    """The file has none."""
    write("machine ::1 login me password secret\n")
    assert netrc_login("[::1]") == ("me", "secret")


def test_an_account_counts_where_there_is_no_login(write):
    """As in requests."""
    write("machine a.example account me password secret\n")
    assert netrc_login("a.example") == ("me", "secret")


@pytest.mark.parametrize("content", ["", "machine", "nonsense here\n", "machine a.example login\n"])
def test_a_file_that_makes_no_sense_has_no_entry(write, content):
    """A call is made without credentials, as in requests."""
    write(content)
    assert netrc_login("a.example") is None


def test_a_file_that_does_not_exist_has_no_entry(tmpdir, monkeypatch):
    """Where ``NETRC`` names it, the home folder is not looked at."""
    monkeypatch.setenv("NETRC", str(tmpdir.join("missing")))
    assert netrc_login("a.example") is None


def test_the_home_folder_is_looked_at_by_default(tmpdir, monkeypatch):
    """For ``.netrc`` and ``_netrc``, in this order."""
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmpdir))
    assert netrc_login("a.example") is None
    for place in reversed(netrc_file.PLACES):
        tmpdir.join(os.path.basename(place)).write(
            "machine a.example login me password %s\n" % os.path.basename(place))
        os.chmod(str(tmpdir.join(os.path.basename(place))), 0o600)
        assert netrc_login("a.example") == ("me", os.path.basename(place))


def test_the_file_is_read_each_time(write):
    """A password may change while the program runs."""
    for password in ("old", "new"):
        write("machine a.example login me password %s\n" % password)
        assert netrc_login("a.example") == ("me", password)
