"""What a statsd server receives."""

from __future__ import absolute_import, division, print_function

import errno
import os
import socket

import pytest
from observed_details import cancelled, done, failed, received, sent, started
from tornado.ioloop import IOLoop

import waterspout
from waterspout.instrumentation.statsd import StatsdObserver, datagrams, names


@pytest.fixture
def server():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(30)
    yield sock
    sock.close()


@pytest.fixture
def make(server):
    def make(**options):
        return StatsdObserver(server.getsockname(), **options)

    return make


def lines(server):
    """Those of the next datagram."""
    return server.recv(65536).decode("ascii").split("\n")


def nothing_waits(server):
    server.setblocking(False)
    try:
        server.recv(65536)
    except EnvironmentError as error:
        return error.errno in (errno.EAGAIN, errno.EWOULDBLOCK)
    finally:
        server.settimeout(30)
    return False


def test_calls_are_timings_and_counts(make, server):
    """Named by SDK and operation; counts of an interval are one line."""
    observer = make()
    observer.call_started(started())
    observer.call_started(started())
    observer.call_done(done())
    observer.call_done(done(seconds=0.5))
    observer.close()
    name = "waterspout.client.InventorySDK.POST_object_kind"
    assert lines(server) == [
        name + ".duration:12.500|ms", name + ".duration:500.000|ms", name + ".status.200:2|c",
        "waterspout.client.active.%d:0|g" % os.getpid()]


def test_calls_that_failed_are_counted_by_their_error(make, server):
    """With the time that they took."""
    observer = make(prefix="shop.web")
    observer.call_failed(failed(waterspout.ConnectTimeout("no"), operation=None, upstream=None))
    observer.call_cancelled(cancelled(operation=None, upstream=None))
    observer.close()
    name = "shop.web.client.10_0_0_7_8079.POST"
    assert set(lines(server)) >= {
        name + ".duration:3000.000|ms", name + ".error.ConnectTimeout:1|c",
        name + ".error.cancelled:1|c"}


def test_requests_are_named_by_route(make, server):
    """The route's pattern, in the characters of a name."""
    observer = make()
    observer.request_received(received())
    observer.request_received(received())
    observer.response_sent(sent())
    observer.close()
    assert lines(server) == [
        "waterspout.server.search.POST.duration:20.000|ms",
        "waterspout.server.search.POST.status.200:1|c",
        "waterspout.server.active.%d:1|g" % os.getpid()]


@pytest.mark.parametrize("tags, line", [
    (None, "waterspout.server.search.POST.error.cut_off:1|c"),
    ({}, "waterspout.server.requests:1|c|#error:cut_off,method:POST,route:/search"),
])
def test_a_response_that_was_cut_off_is_an_error(make, server, tags, line):
    """Not a status, which would be that of a success."""
    observer = make(tags=tags)
    observer.request_received(received())
    observer.response_sent(sent(route="/search", count=None, cut_off=True))
    observer.close()
    told = lines(server)
    assert line in told and "status" not in "".join(told)


def test_tags_take_the_place_of_names(make, server):
    """With those of the program."""
    observer = make(tags={"env": "prod"})
    observer.call_done(done())
    observer.response_sent(sent(404, route=None))
    observer.close()
    tags = ("|#env:prod,method:POST,operation:/object/{kind},server:10.0.0.7:8079,status:200,"
            "upstream:InventorySDK")
    assert set(lines(server)) >= {
        "waterspout.client.duration:12.500|ms" + tags, "waterspout.client.calls:1|c" + tags,
        "waterspout.server.requests:1|c|#env:prod,method:POST,status:404",
        "waterspout.client.active:0|g|#env:prod,process:%d" % os.getpid()}


@pytest.mark.parametrize("tags", [None, {}])
def test_nothing_of_a_name_can_forge_a_line(make, server, tags):
    """Methods are the client's choice."""
    observer = make(tags=tags)
    observer.response_sent(sent(405, method="X|c\nforged:1|c#,\xe9" + "y" * 500))
    observer.close()
    found = lines(server)
    assert len(found) == 3
    assert all(line.startswith("waterspout.server.") for line in found)
    assert max(map(len, found)) < 250


def test_names_beyond_the_limit_are_other(make, server):
    """Calls and routes each have their own limit."""
    observer = make(max_names=1)
    for number in range(3):
        observer.call_done(done(operation="/%d" % number))
        observer.response_sent(sent(method="M%d" % number))
    observer.close()
    counted = set(line for line in lines(server) if line.endswith("|c"))
    assert counted == {
        "waterspout.client.InventorySDK.POST_0.status.200:1|c",
        "waterspout.client.other.other.status.200:2|c",
        "waterspout.server.search.M0.status.200:1|c",
        "waterspout.server.other.other.status.200:2|c"}


def test_full_datagrams_are_sent_at_once(make, server):
    """Of 1432 bytes at most; the rest waits."""
    observer = make()
    for _ in range(100):
        observer.call_done(done())
    first = server.recv(65536)
    assert datagrams.MAX_BYTES - 100 < len(first) <= datagrams.MAX_BYTES
    observer.close()
    rest = []
    while not any(b"|g" in each for each in rest):
        rest.append(server.recv(65536))
    assert all(len(each) <= datagrams.MAX_BYTES for each in rest)
    text = b"\n".join([first] + rest)
    assert text.count(b"|ms") == 100
    assert b".status.200:100|c" in text


def test_lines_are_sent_after_the_interval(make, server, io_loop):
    """By the IOLoop, without another event."""
    observer = make(interval=0.1)

    def call():
        observer.call_done(done())
        assert nothing_waits(server)

    io_loop.add_callback(call)
    io_loop.add_handler(server.fileno(), lambda fd, events: io_loop.stop(), io_loop.READ)
    io_loop.start()
    io_loop.remove_handler(server.fileno())
    assert len(lines(server)) == 3


def test_lines_are_not_kept_for_a_loop_that_has_ended(make, server, io_loop):
    """The next event after the interval sends them."""
    observer = make(interval=0.1)
    io_loop.run_sync(lambda: observer.call_done(done()))
    assert nothing_waits(server)
    observer.call_done(done(seconds=5))
    assert len(lines(server)) == 3


def test_a_closed_loop_that_is_still_the_current_one_is_no_error(make, server, monkeypatch):
    """As a program may leave it on Python 2.7."""
    io_loop = IOLoop(make_current=False)
    io_loop.close()
    monkeypatch.setattr(IOLoop, "current", staticmethod(lambda instance=True: io_loop))
    observer = make()
    observer.call_done(done())
    observer.close()
    assert len(lines(server)) == 3


def test_forked_process_has_its_own_socket_and_counts(make, server):
    """What the parent has not sent yet, the child does not send."""
    observer = make()
    observer.call_started(started())
    observer.call_done(done())
    pid = os.fork()
    if not pid:
        try:
            observer.call_started(started())
            observer.close()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert lines(server) == ["waterspout.client.active.%d:1|g" % pid]
    observer.close()
    assert "waterspout.client.active.%d:0|g" % os.getpid() in lines(server)
    assert nothing_waits(server)


def test_a_system_that_takes_nothing_is_not_waited_for(make, monkeypatch):
    """The datagram is dropped and counted, and nothing is raised."""
    observer = make()

    class Full(object):
        def sendto(self, data, address):
            raise socket.error(errno.EAGAIN, "full")

        def close(self):
            pass

    monkeypatch.setattr(observer._datagrams, "_socket", Full())
    observer.call_done(done())
    observer.close()
    assert observer.dropped == 1


def test_a_server_that_is_not_there_costs_nothing():
    """Datagrams to a port on which nothing listens are no errors."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.bind(("127.0.0.1", 0))
    address = probe.getsockname()
    probe.close()
    observer = StatsdObserver(address)
    for _ in range(3):
        observer.call_done(done())
        observer.close()
    assert observer.dropped == 0


@pytest.mark.parametrize("arguments, error, message", [
    ({"address": "127.0.0.1:8125"}, ValueError, "give (host, port) of a statsd server"),
    ({"address": ("127.0.0.1", "x y")}, ValueError, "give (host, port) of a statsd server"),
    ({"interval": 0}, ValueError, "interval must be 0.1 to 1 s, not 0"),
    ({"interval": 5}, ValueError, "interval must be 0.1 to 1 s, not 5"),
    ({"max_names": -1}, ValueError, "max_names must be 0 or more, not -1"),
    ({"max_names": None}, TypeError, "max_names must be an int, not None"),
    ({"tags": "env:prod"}, TypeError, "tags must be a mapping of name to value, not 'env:prod'"),
])
def test_wrong_argument_is_named(arguments, error, message):
    """At once."""
    with pytest.raises(error) as caught:
        StatsdObserver(**arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize("text, name", [
    ("/object/{kind}/_search", "object_kind_search"), (r"/search/(\w+)", "search_w"),
    ("GET", "GET"), ("", "none"), (None, "none"), ("...", "none"), ("a-b", "a-b"),
    (u"\u4e2d", "none"),
])
def test_parts_of_names_have_letters_digits_and_underscores(text, name):
    """Dots would begin another part."""
    assert names.part(text) == name
