"""Calls of a process that has no descriptor, memory or thread left, on every transport."""

from __future__ import absolute_import, division, print_function

import errno
import os
import socket
import threading

import pytest
from certificates import server_context
from leftovers import descriptors_at_first, open_descriptors
from raw_server import answering, response
from shortages import no_descriptors

import waterspout
from waterspout._net.tls_options import TLSOptions
from waterspout.auth.netrc_file import netrc_login
from waterspout.transports.threads import transport as thread_transport


@pytest.fixture
def server(serve):
    return serve(answering(response(b"ok", headers=[("Connection", "close")])))


def assert_short_of(error, code, named=True):
    """A clear ConnectionError: safe to retry, and it names the cause."""
    assert isinstance(error, waterspout.ConnectionError)
    assert (error.phase, error.may_have_been_sent) == ("connect", False)
    assert os.strerror(code) in str(error) or not named


def look_up_names_the_cause(host):
    """Return whether this system says why, when it has no descriptor to look a name up with.

    One with plug-ins for names (libnss-mdns) reports an error of theirs, which may be any.
    """
    with no_descriptors():
        try:
            socket.getaddrinfo(host, 80)
        except EnvironmentError as error:
            return error.errno == errno.EMFILE
    return True


def settled_descriptors(client, server):
    """Return how many descriptors are open once the server, a thread, has closed its own."""
    client.wait_until(lambda: server.ended == server.accepted)
    counts = [descriptors_at_first()]

    def settled():
        counts.append(open_descriptors())
        return len(counts) > 20 and len(set(counts[-20:])) == 1

    client.wait_until(settled)
    return counts[-1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_call_without_descriptors_fails_and_the_next_one_works(make_client, server, host):
    """Its place is free again, and nothing is left open."""
    client = make_client(max_connections=1, max_workers=1)
    url = server.url().replace("127.0.0.1", host)
    client.get(server.url().replace("127.0.0.1", "localhost"))
    before = settled_descriptors(client, server)
    for _ in range(3):
        with no_descriptors():
            with pytest.raises(waterspout.RequestException) as caught:
                client.get(url, timeout=5)
        assert_short_of(caught.value, errno.EMFILE, named=look_up_names_the_cause(host))
        client.wait_until_idle()
    client.wait_until(lambda: open_descriptors() == before)
    assert client.get(url).content == b"ok"


def test_the_first_call_may_fail_for_want_of_descriptors(make_client, server):
    """What a transport opens for itself, once, is opened by the next call then."""
    client = make_client()
    with no_descriptors():
        with pytest.raises(waterspout.RequestException) as caught:
            client.get(server.url(), timeout=5)
    assert_short_of(caught.value, errno.EMFILE)
    assert client.get(server.url()).content == b"ok"


def test_https_without_descriptors_for_certificates_is_a_connect_error(
        make_client, server, transport):
    """A socket could be opened, the certificates could not: not a fault of theirs."""
    if transport == "tornado":
        pytest.skip("it has opened them for the first call, http or https")
    client = make_client(verify="/etc/ssl/certs/ca-certificates.crt")
    if not os.path.exists(client.session.verify):
        pytest.skip("this system's certificates are elsewhere")
    client.get(server.url())  # What is opened once is.
    settled_descriptors(client, server)  # Or the server would leave one more.
    with no_descriptors(leave=1):
        with pytest.raises(waterspout.RequestException) as caught:
            client.get(server.url().replace("http:", "https:"), timeout=5)
    assert_short_of(caught.value, errno.EMFILE)


def test_context_without_certificates_is_not_kept():
    """OpenSSL says nothing when it cannot open the system's; every https call would fail since."""
    options = TLSOptions()
    with no_descriptors():
        with pytest.raises(IOError) as caught:
            options.context()
    assert caught.value.errno == errno.EMFILE
    assert options.context().cert_store_stats() == TLSOptions().context().cert_store_stats()


def test_a_netrc_file_that_cannot_be_opened_fails_the_call(monkeypatch, tmpdir):
    """A request without it would be another one."""
    path = tmpdir.join("netrc")
    path.write("machine x login me password secret\n")
    monkeypatch.setenv("NETRC", str(path))
    assert netrc_login("x") == ("me", "secret")
    with no_descriptors():
        with pytest.raises(waterspout.ConnectionError) as caught:
            netrc_login("x")
    assert not caught.value.may_have_been_sent
    assert os.strerror(errno.EMFILE) in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_pooled_httpclient_without_descriptors_raises_the_original_oserror(pooled, server, host):
    """As stock: the system's own error; its place is free again."""
    client = pooled(max_clients=1)
    url = server.url().replace("127.0.0.1", host)
    client.fetch(server.url().replace("127.0.0.1", "localhost"))
    before = settled_descriptors(client, server)
    for _ in range(3):
        with no_descriptors():
            with pytest.raises(EnvironmentError) as caught:
                client.fetch(url, request_timeout=5)
        assert caught.value.errno == errno.EMFILE or not look_up_names_the_cause(host)
    client.wait_until(lambda: open_descriptors() == before)
    assert client.fetch(url).body == b"ok"


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
@pytest.mark.parametrize("code", [errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_a_socket_that_the_system_refuses_is_a_connect_error(
        make_client, server, monkeypatch, code):
    """The whole system has no room, not this process alone: when it is made, or connects."""
    client = make_client(max_connections=1)

    class Refusing(object):
        def __init__(self, *args):
            raise OSError(code, os.strerror(code))

    class RefusingToConnect(socket.socket):
        def connect_ex(self, address):
            return code

    for kind in (Refusing, RefusingToConnect):
        before = descriptors_at_first()
        with monkeypatch.context() as patch:
            patch.setattr(socket, "socket", kind)
            error = client.error_of("GET", server.url(), timeout=5)
        assert_short_of(error, code)
        assert open_descriptors() == before
    assert client.get(server.url()).content == b"ok"


# Threads


class NoMoreThreads(object):
    """Stands for `threading.Thread.start` while ``on``."""

    def __init__(self, monkeypatch):
        self.on = True
        start = threading.Thread.start

        def start_or_not(thread):
            if self.on:
                raise RuntimeError("can't start new thread")
            start(thread)

        monkeypatch.setattr(threading.Thread, "start", start_or_not)


@pytest.mark.parametrize("transport", ["pooled", "threads"], indirect=True)
def test_call_without_threads_fails_and_the_next_one_works(make_client, server, monkeypatch):
    """Neither the look-up nor the place in the queue is left to one that never ran."""
    client = make_client(max_workers=1)
    url = server.url().replace("127.0.0.1", "localhost")
    threads = NoMoreThreads(monkeypatch)
    for _ in range(3):
        error = client.error_of("GET", url, timeout=5)
        assert isinstance(error, waterspout.ConnectionError)
        assert (error.phase, error.may_have_been_sent) == ("connect", False)
        assert "can't start new thread" in str(error)
    threads.on = False
    assert client.get(url, timeout=5).content == b"ok"
    assert len(server.received) == 1  # What failed was not sent later, by a thread that came.


@pytest.mark.parametrize("transport", ["threads"], indirect=True)
def test_work_taken_by_a_thread_is_not_failed_when_submit_raises(make_client, server, monkeypatch):
    """An executor may raise for want of another thread after one that it has took the work."""
    client = make_client(max_workers=2)
    begun = threading.Event()
    do = thread_transport._do

    def do_and_tell(work, job):
        begun.set()
        do(work, job)

    class Executor(object):
        def submit(self, work):
            threading.Thread(target=work).start()
            assert begun.wait(30)
            raise RuntimeError("can't start new thread")

        def shutdown(self, wait):
            pass

    monkeypatch.setattr(thread_transport, "_do", do_and_tell)
    monkeypatch.setattr(thread_transport, "ThreadPoolExecutor", lambda workers: Executor())
    assert client.get(server.url()).content == b"ok"


# The IOLoop


@pytest.mark.parametrize("transport", ["pooled"], indirect=True)
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_socket_that_epoll_refuses_is_a_connect_error(
        make_client, serve, monkeypatch, at, scheme):
    """epoll has no memory (ENOMEM, ENOSPC): while it connects, shakes hands, and afterwards."""
    answer = response(b"ok", headers=[("Connection", "close")])
    server = serve(answering(answer), tls=server_context() if scheme == "https" else None)
    client = make_client(max_connections=1, verify=False)
    before = open_descriptors()
    loop = client.io_loop
    add_handler = loop.add_handler
    calls = []

    def refuse(*args):
        calls.append(None)
        if len(calls) == at:
            raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))
        return add_handler(*args)

    monkeypatch.setattr(loop, "add_handler", refuse)
    try:
        error = client.error_of("GET", server.url(), timeout=5)
    except pytest.fail.Exception:
        assert len(calls) < at  # It needed no more.
        return
    monkeypatch.undo()
    if len(calls) >= at:
        assert_short_of(error, errno.ENOMEM)

    def let_go():
        del server._peers[:]  # py2: an SSLSocket that is closed keeps its descriptor.
        return open_descriptors() <= before

    client.wait_until(let_go)
    assert client.get(server.url()).content == b"ok"
