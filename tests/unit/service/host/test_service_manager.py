"""What a service tells systemd, as systemd would read it."""

from __future__ import absolute_import, division, print_function

import re
import socket

import pytest
from leftovers import descriptors_at_first, open_descriptors

from waterspout._compat import monotonic
from waterspout.service._host.notify import ServiceManager

PID = 4711


@pytest.fixture(params=["path", "abstract"])
def systemd(request, tmp_path):
    """A socket like that of systemd: ``environ`` names it, ``recv`` reads it."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    name = str(tmp_path / "notify")
    sock.bind(name if request.param == "path" else "\0" + name)
    sock.setblocking(False)
    sock_environ = {"NOTIFY_SOCKET": name if request.param == "path" else "@" + name}

    class Systemd(object):
        environ = sock_environ

        @staticmethod
        def read():
            return sock.recv(4096).decode("utf-8")

    yield Systemd
    sock.close()


@pytest.mark.parametrize("send, text", [
    (lambda manager: manager.ready(), u"READY=1"),
    (lambda manager: manager.ready(mainpid=12), u"READY=1\nMAINPID=12"),
    (lambda manager: manager.stopping(), u"STOPPING=1"),
    (lambda manager: manager.alive(), u"WATCHDOG=1"),
    (lambda manager: manager.status("2 workers"), u"STATUS=2 workers"),
    (lambda manager: manager.status("a\nREADY=1"), u"STATUS=a READY=1"),
    (lambda manager: manager.status(u"r\xe9ussi"), u"STATUS=r\xe9ussi"),
])
def test_datagram_is_what_systemd_understands(systemd, send, text):
    """One for each call. A status cannot forge another message."""
    assert send(ServiceManager(systemd.environ)) is True
    assert systemd.read() == text


def test_reload_has_the_time_of_systemds_clock(systemd):
    """CLOCK_MONOTONIC in microseconds, so that it knows to which reload the next READY belongs."""
    before = monotonic()
    assert ServiceManager(systemd.environ).reloading() is True
    match = re.match(r"RELOADING=1\nMONOTONIC_USEC=([0-9]+)\Z", systemd.read())
    assert before - 1 <= int(match.group(1)) / 1e6 <= monotonic() + 1


@pytest.mark.parametrize("environ", [
    {},
    {"NOTIFY_SOCKET": ""},
    {"NOTIFY_SOCKET": "@"},
    {"NOTIFY_SOCKET": "relative"},
    {"NOTIFY_SOCKET": "vsock:2:1234"},
    {"NOTIFY_SOCKET": "/no/such/folder/notify"},
    {"NOTIFY_SOCKET": "/" + "x" * 300},
    {"NOTIFY_SOCKET": "/x\0y"},
])
def test_manager_that_does_not_read_is_no_error(environ):
    """Nor is a missing one. The results say that nothing was sent."""
    manager = ServiceManager(environ)
    assert not any([manager.ready(), manager.ready(5), manager.reloading(), manager.stopping(),
                    manager.alive(), manager.status("x")])
    repr(manager)


def test_full_queue_of_the_manager_does_not_block(systemd):
    """The datagram is lost, and the result says so."""
    manager = ServiceManager(systemd.environ)
    sent = 0
    while manager.alive():
        sent += 1
        assert sent < 100000
    assert sent > 0 and systemd.read() == u"WATCHDOG=1"


def test_descriptors_are_not_left_open(systemd):
    """After what was sent and what was not."""
    before = descriptors_at_first()
    ServiceManager(systemd.environ).ready()
    ServiceManager({"NOTIFY_SOCKET": "/no/such/folder/notify"}).ready()
    assert open_descriptors() == before


@pytest.mark.parametrize("variables, seconds", [
    ({}, None),
    ({"WATCHDOG_USEC": "30000000"}, 15.0),
    ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(PID)}, 15.0),
    ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "12"}, None),
    ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "x"}, None),
    ({"WATCHDOG_USEC": "0"}, None),
    ({"WATCHDOG_USEC": "-5"}, None),
    ({"WATCHDOG_USEC": "x"}, None),
    ({"WATCHDOG_USEC": "30000000", "NOTIFY_SOCKET": ""}, None),
])
def test_watchdog_wants_to_hear_twice_in_its_time(variables, seconds):
    """Only from the process that it is meant for, which a child process is not."""
    environ = dict({"NOTIFY_SOCKET": "/run/notify"}, **variables)
    assert ServiceManager(environ, PID).watchdog_interval == seconds
