"""A Listener accepts connections, and pauses where there can be no more, without using CPU."""

from __future__ import absolute_import, division, print_function

import errno
import fcntl
import os
import shutil
import socket
import tempfile

import pytest
from fake_loop import FakeLoop
from shortages import no_descriptors
from tornado import gen, netutil
from tornado.testing import AsyncTestCase, gen_test

from waterspout._net import listener
from waterspout._net.listener import Listener

try:
    import contextvars
except ImportError:  # py2
    from tornado import stack_context

    contextvars = None


class RefusingSocket(object):
    """A listening socket whose ``accept`` raises what ``errors`` holds first; 0 is no error."""

    family = socket.AF_INET

    def __init__(self, sock):
        self._socket = sock
        self.errors = []
        self.attempts = 0

    def fileno(self):
        return self._socket.fileno()

    def close(self):
        self._socket.close()

    def accept(self):
        self.attempts += 1
        if self.errors:
            code = self.errors.pop(0)
            if code:
                raise socket.error(code, os.strerror(code))
        return self._socket.accept()


class ListenerTest(AsyncTestCase):
    @pytest.fixture(autouse=True)
    def _fixtures(self, monkeypatch, caplog):
        self.patch, self.log = monkeypatch, caplog

    def setUp(self):
        super(ListenerTest, self).setUp()
        (listening,) = netutil.bind_sockets(0, "127.0.0.1")
        self.address = listening.getsockname()
        self.listening = RefusingSocket(listening)
        self.accepted = []
        self.on_accept = None
        self.clients = []

    def tearDown(self):
        for each in self.accepted + self.clients + [self.listening]:
            each.close()
        super(ListenerTest, self).tearDown()

    def make(self, pause=3600):
        self.patch.setattr(listener, "PAUSE", pause)
        return Listener(self.io_loop, self.listening, self.accept)

    def accept(self, sock, address):
        self.accepted.append(sock)
        if self.on_accept is not None:
            self.on_accept()

    def connect(self, count=1):
        for _ in range(count):
            self.clients.append(socket.create_connection(self.address))

    @gen.coroutine
    def turns(self, count=20):
        for _ in range(count):
            yield gen.moment

    @gen.coroutine
    def until(self, condition):
        while not condition():
            yield gen.sleep(0.001)

    # Shortages

    @gen_test
    def test_a_refused_accept_is_tried_again_after_a_pause(self):
        """Once for each pause, and then all waiting connections are accepted."""
        codes = errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EFAULT
        self.listening.errors = list(codes)
        listener = self.make(pause=0.01)
        self.connect(2)
        yield self.until(lambda: self.listening.attempts == len(codes) + 3)
        assert len(self.accepted) == 2
        began, ended = [r.getMessage() for r in self.log.records]
        assert os.strerror(errno.EMFILE) in began and "EMFILE" in began
        assert "Accepting connections again" in ended
        assert set(r.name for r in self.log.records) == {"waterspout.server"}
        listener.close()

    @gen_test
    def test_end_of_a_refusal_without_a_waiting_connection_is_logged(self):
        """The system refuses before it looks whether one waits: the last one took what was left."""
        for end in (lambda listener: None, Listener.resume):
            self.listening.errors = [0, errno.EMFILE]
            listener = self.make(pause=0.01 if end is not Listener.resume else 3600)
            self.connect()
            yield self.until(lambda: self.log.records)
            end(listener)
            yield self.until(lambda: len(self.log.records) == 2)
            assert "Accepting connections again" in self.log.records[1].getMessage()
            self.log.clear()
            listener.stop_watching()

    @gen_test
    def test_nothing_is_tried_while_the_system_refuses(self):
        """Although a connection waits all the time."""
        self.listening.errors = [errno.EMFILE] * 1000
        listener = self.make()
        self.connect()
        yield self.until(lambda: self.listening.attempts)
        yield self.turns(100)
        assert (self.listening.attempts, "pausing" in repr(listener)) == (1, True)
        listener.close()

    @gen_test
    def test_a_process_without_descriptors_accepts_when_one_is_free(self):
        """The real error of the system."""
        listener = self.make()
        self.connect()
        with no_descriptors():
            yield self.until(lambda: listener._timer)
            assert self.accepted == []
        listener.resume()
        yield self.until(lambda: self.accepted)
        listener.close()

    @gen_test
    def test_the_end_of_a_connection_ends_the_shortage(self):
        """`resume` tries again at once; a second refusal is not logged again."""
        self.listening.errors = [errno.EMFILE] * 2
        listener = self.make()
        self.connect()
        for attempts in (1, 2):
            yield self.until(lambda attempts=attempts: self.listening.attempts == attempts)
            assert len(self.log.records) == 1
            listener.resume()
        yield self.until(lambda: self.accepted)
        listener.close()

    @gen_test
    def test_a_connection_that_was_lost_while_it_waited_is_skipped(self):
        """The others are accepted and nothing is logged, as accept(2) advises."""
        self.listening.errors = [errno.ECONNABORTED, errno.EPROTO, errno.EINTR]
        listener = self.make()
        self.connect()
        yield self.until(lambda: self.accepted)
        assert self.log.records == []
        listener.close()

    @gen_test
    def test_a_listener_that_is_closed_while_the_system_refuses_has_no_timer(self):
        """Closing again does nothing."""
        self.listening.errors = [errno.EMFILE] * 2
        listener = self.make()
        self.connect()
        yield self.until(lambda: self.listening.attempts)
        listener.accept_waiting()  # Refused as well.
        listener.close()
        listener.close()
        yield self.turns()
        assert (self.listening.attempts, self.accepted) == (2, [])

    # The server's limit

    @gen_test
    def test_a_paused_listener_accepts_nothing_until_it_is_resumed(self):
        """Also when it is paused by the connection before; nothing is logged."""
        listener = self.make()
        self.on_accept = listener.pause
        self.connect(3)
        yield self.until(lambda: self.accepted)
        yield self.turns()
        assert len(self.accepted) == 1 and "pausing" in repr(listener)
        listener.resume()
        yield self.until(lambda: len(self.accepted) == 2)
        yield self.turns()
        assert len(self.accepted) == 2 and self.log.records == []
        listener.close()

    def test_a_shortage_that_ends_does_not_end_a_pause(self):
        """The server still has all the connections that it may have."""
        self.listening.errors = [errno.EMFILE]
        loop, fd = FakeLoop(), self.listening.fileno()
        listener = Listener(loop, self.listening, self.accept)
        loop.fire(fd, loop.wants(fd))
        assert self.listening.attempts == 1 and not loop.wants(fd)
        listener.pause()
        loop.advance(60)
        assert not loop.wants(fd) and not loop.timers
        listener.resume()
        assert loop.wants(fd)
        listener.close()

    @gen_test
    def test_waiting_connections_are_accepted_beyond_the_limit(self):
        """Their clients are connected already, and would be reset; so after `stop_watching`."""
        listener = self.make()
        listener.pause()
        self.connect(3)
        yield self.turns()
        listener.accept_waiting()
        assert len(self.accepted) == 3
        listener.stop_watching()
        self.connect(2)
        listener.resume()
        yield self.turns()
        assert len(self.accepted) == 3 and "stopped" in repr(listener)
        listener.accept_waiting()
        assert len(self.accepted) == 5
        listener.close()

    @gen_test
    def test_a_connection_may_close_the_listener(self):
        """The others are reset."""
        listener = self.make()
        self.on_accept = listener.close
        self.connect(2)
        yield self.until(lambda: self.accepted)
        listener.accept_waiting()
        yield self.turns()
        assert len(self.accepted) == 1 and "stopped" in repr(listener)

    # Sockets

    @gen_test
    def test_many_connections_are_accepted_in_one_turn(self):
        """At most 128, so that others get theirs."""
        listener = self.make()
        self.connect(128)
        yield self.until(lambda: self.accepted)
        assert len(self.accepted) == 128
        listener.close()

    @gen_test
    def test_an_accepted_socket_does_not_block_or_delay(self):
        """And no program that the server runs inherits it."""
        listener = self.make()
        self.connect()
        yield self.until(lambda: self.accepted)
        sock = self.accepted[0]
        assert sock.gettimeout() == 0.0
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert fcntl.fcntl(sock, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
        listener.close()

    @gen_test
    def test_a_unix_socket_is_accepted(self):
        """It has no TCP_NODELAY."""
        folder = tempfile.mkdtemp()
        try:
            path = os.path.join(folder, "socket")
            listening = netutil.bind_unix_socket(path)
            listener = Listener(self.io_loop, listening, self.accept)
            self.clients.append(socket.socket(socket.AF_UNIX))
            self.clients[0].connect(path)
            yield self.until(lambda: self.accepted)
            assert self.accepted[0].gettimeout() == 0.0 and self.log.records == []
            listener.close()
        finally:
            shutil.rmtree(folder)

    # The context

    @pytest.mark.skipif(contextvars is None, reason="Python 3")
    @gen_test
    def test_connections_run_in_the_context_of_the_listener(self):
        """Each in a copy of its own, also after a pause that another context has ended."""
        variable = contextvars.ContextVar("variable", default="none")
        seen = []
        variable.set("listener's")
        listener = self.make()
        self.on_accept = lambda: seen.append(variable.get()) or variable.set("connection's")
        variable.set("another")
        listener.pause()
        listener.resume()
        self.connect(2)
        yield self.until(lambda: len(self.accepted) == 2)
        self.connect()
        listener.accept_waiting()
        assert seen == ["listener's"] * 3 and variable.get() == "another"
        listener.close()

    @pytest.mark.skipif(contextvars is not None, reason="Python 2.7")
    @gen_test
    def test_connections_run_in_the_stack_context_of_the_listener(self):
        """So an ExceptionStackContext around ``listen`` sees what they raise."""
        raised = []

        def handle(kind, error, traceback):
            raised.append(error)
            return True

        with stack_context.NullContext():
            with stack_context.ExceptionStackContext(handle):
                listener = self.make()
        self.on_accept = lambda: 1 // 0
        listener.pause()
        listener.resume()
        self.connect()
        yield self.until(lambda: raised)
        assert isinstance(raised[0], ZeroDivisionError) and len(self.accepted) == 1
        listener.close()
