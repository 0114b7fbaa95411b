"""BodyStream: pieces from a server to a handler; neither is ahead of the other by more than one."""

from __future__ import absolute_import, division, print_function

import pytest
from fake_loop import FakeLoop
from tornado.testing import AsyncTestCase

from waterspout.service._server.body_stream import BodyStream


class BodyStreamTest(AsyncTestCase):
    def setUp(self):
        super(BodyStreamTest, self).setUp()
        self.loop = FakeLoop()
        self.expired = []
        self.stream = BodyStream(60.0, lambda: self.expired.append(self.loop.now), self.loop)

    def test_server_waits_until_the_handler_reads(self):
        wanted = self.stream.wanted()
        assert not wanted.done()
        piece = self.stream.read()
        assert wanted.done() and not piece.done()
        assert self.stream.feed(b"one") is None
        assert piece.result() == b"one"

    def test_one_piece_is_kept_for_a_handler_that_is_busy(self):
        self.stream.read()
        self.stream.feed(b"one")
        wanted = self.stream.feed(b"two")
        assert not wanted.done()
        assert self.stream.read().result() == b"two" and wanted.done()

    def test_piece_that_comes_although_none_is_wanted_is_not_lost(self):
        self.stream.feed(b"one")
        self.stream.feed(b"two")
        assert self.stream.read().result() == b"onetwo"

    def test_end_of_the_body_is_an_empty_piece_after_the_last_one(self):
        self.stream.feed(b"last")
        self.stream.end()
        assert [self.stream.read().result() for _ in range(3)] == [b"last", b"", b""]

    def test_end_of_the_body_ends_a_read_that_waits(self):
        piece = self.stream.read()
        self.stream.end()
        assert piece.result() == b"" and self.loop.timers == []

    def test_failure_ends_a_read_that_waits_and_all_later_ones(self):
        piece = self.stream.read()
        self.stream.fail(ValueError("gone"))
        for each in (piece, self.stream.read(), self.stream.read()):
            with pytest.raises(ValueError, match="gone"):
                each.result()
        assert self.loop.timers == []

    def test_first_failure_counts(self):
        self.stream.fail(ValueError("first"))
        self.stream.fail(ValueError("second"))
        with pytest.raises(ValueError, match="first"):
            self.stream.read().result()

    def test_body_that_has_ended_cannot_fail(self):
        """What fails then is the connection; the body is there."""
        self.stream.feed(b"all")
        self.stream.end()
        self.stream.fail(ValueError("gone"))
        assert self.stream.read().result() == b"all" and self.stream.read().result() == b""

    def test_server_goes_on_after_a_failure_and_what_it_sends_is_dropped(self):
        wanted = self.stream.feed(b"one")
        self.stream.fail(ValueError("nobody reads"))
        assert wanted.done() and self.stream.wanted() is None
        assert self.stream.feed(b"two") is None
        assert repr(self.stream) == "<BodyStream failed>"

    def test_second_read_before_the_first_is_done_is_an_error(self):
        self.stream.read()
        with pytest.raises(RuntimeError, match="before the last call was done"):
            self.stream.read()

    def test_client_has_a_time_for_each_piece_while_the_handler_waits(self):
        """And any time while it does not."""
        self.stream.read()
        self.loop.advance(59)
        self.stream.feed(b"one")
        self.loop.advance(1000)
        self.stream.read()
        self.loop.advance(59)
        assert self.expired == []
        self.loop.advance(2)
        assert len(self.expired) == 1
        self.stream.fail(ValueError("too slow"))
        assert self.loop.timers == []
