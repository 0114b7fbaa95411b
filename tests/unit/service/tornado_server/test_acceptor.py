"""Accepting while the system refuses: pauses instead of a busy loop, and one log line."""

from __future__ import absolute_import, division, print_function

import errno
import os
import socket

import pytest
from tornado import gen
from tornado.testing import AsyncTestCase, gen_test

from waterspout import service
from waterspout.service._tornado_server import acceptor
from waterspout.service._tornado_server.acceptor import Acceptor


class RefusingSocket(object):
    """A listening socket whose ``accept`` raises what ``errors`` holds first."""

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
            raise socket.error(code, os.strerror(code))
        return self._socket.accept()


class AcceptorTest(AsyncTestCase):
    @pytest.fixture(autouse=True)
    def _fixtures(self, monkeypatch, caplog):
        self.patch, self.log = monkeypatch, caplog

    def setUp(self):
        super(AcceptorTest, self).setUp()
        (listening,) = service.listen(0)
        self.address = listening.getsockname()
        self.listening = RefusingSocket(listening)
        self.accepted = []
        self.clients = []

    def tearDown(self):
        for each in self.accepted + self.clients + [self.listening]:
            each.close()
        super(AcceptorTest, self).tearDown()

    def make(self, pause=3600):
        self.patch.setattr(acceptor, "PAUSE", pause)
        return Acceptor(self.listening, lambda sock, address: self.accepted.append(sock))

    def connect(self):
        self.clients.append(socket.create_connection(self.address))

    @gen.coroutine
    def turns(self, count=20):
        for _ in range(count):
            yield gen.moment

    @gen.coroutine
    def until(self, condition):
        while not condition():
            yield gen.sleep(0.001)

    @gen_test
    def test_refused_accept_is_tried_again_after_a_pause(self):
        """Once for each pause, and then all waiting connections are accepted."""
        codes = errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EFAULT
        self.listening.errors = list(codes)
        acceptor = self.make(pause=0.01)
        self.connect()
        self.connect()
        yield self.until(lambda: self.listening.attempts == len(codes) + 3)
        assert len(self.accepted) == 2
        began, ended = [r.getMessage() for r in self.log.records]
        assert os.strerror(errno.EMFILE) in began and "EMFILE" in began
        assert "Accepting connections again" in ended
        acceptor.close()

    @gen_test
    def test_nothing_is_tried_during_a_pause(self):
        """Although a connection waits all the time."""
        self.listening.errors = [errno.EMFILE] * 1000
        acceptor = self.make()
        self.connect()
        yield self.until(lambda: self.listening.attempts)
        yield self.turns(100)
        assert (self.listening.attempts, "pausing" in repr(acceptor)) == (1, True)
        acceptor.close()

    @gen_test
    def test_free_descriptor_ends_the_pause(self):
        """A connection that was closed makes room for another one."""
        self.listening.errors = [errno.EMFILE]
        acceptor = self.make()
        self.connect()
        yield self.until(lambda: self.listening.attempts)
        acceptor.resume()
        yield self.until(lambda: self.accepted)
        acceptor.close()

    @gen_test
    def test_connection_that_was_lost_while_it_waited_is_skipped(self):
        """The others are accepted and nothing is logged, as accept(2) advises."""
        self.listening.errors = [errno.ECONNABORTED, errno.EPROTO, errno.EINTR]
        acceptor = self.make()
        self.connect()
        yield self.until(lambda: self.accepted)
        assert self.log.records == []
        acceptor.close()

    @gen_test
    def test_close_during_a_pause_removes_the_timer(self):
        """Closing again does nothing."""
        self.listening.errors = [errno.EMFILE] * 2
        acceptor = self.make()
        self.connect()
        yield self.until(lambda: self.listening.attempts)
        acceptor.accept_waiting()  # Refused as well.
        acceptor.close()
        acceptor.close()
        yield self.turns()
        assert (self.listening.attempts, self.accepted) == (2, [])
