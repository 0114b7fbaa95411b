"""An IOLoop whose time is the test's to move."""

from __future__ import absolute_import, division, print_function

import heapq

from tornado.ioloop import IOLoop


class FakeLoop(object):
    """Handlers, timers and callbacks as an IOLoop has them; nothing happens by itself.

    Attributes:
        strict (bool): a timer that has run cannot be removed; an IOLoop takes no notice.
    """

    strict = True
    _closing = False  # Where `_compat.is_closed` looks.

    def __init__(self):
        self.now = 1000.0
        self.handlers = {}
        self.timers = []
        self.timers_made = 0
        self.callbacks = []

    def clock(self):
        return self.now

    def add_handler(self, stream, handler, events):
        assert stream.fileno() not in self.handlers and events
        self.handlers[stream.fileno()] = [handler, events, stream]

    def update_handler(self, stream, events):
        assert events
        self.handlers[stream.fileno()][1] = events

    def remove_handler(self, stream):
        del self.handlers[stream.fileno()]

    def call_later(self, delay, callback, *args):
        assert delay >= 0
        self.timers_made += 1
        timer = [self.now + delay, self.timers_made, callback, args]
        heapq.heappush(self.timers, timer)
        return timer

    def remove_timeout(self, timer):
        if timer not in self.timers and not self.strict:
            return
        self.timers.remove(timer)
        heapq.heapify(self.timers)

    def advance(self, seconds):
        """Let time pass; what is due on the way happens when it is due."""
        until = self.now + seconds
        while self.timers and self.timers[0][0] <= until:
            at, _, callback, args = heapq.heappop(self.timers)
            self.now = max(self.now, at)
            callback(*args)
        self.now = until

    def fire(self, fd, events):
        """The poll reports that ``fd`` is ready, if a handler waits for that."""
        if fd in self.handlers:
            handler, wanted, stream = self.handlers[fd]
            if wanted & events:
                handler(stream, events & (wanted | IOLoop.ERROR))

    def wants(self, fd):
        return self.handlers[fd][1] if fd in self.handlers else 0

    def add_callback(self, callback, *args):
        self.callbacks.append((callback, args))

    def run_callbacks(self):
        """Run those that were added, and those that they add."""
        while self.callbacks:
            callback, args = self.callbacks.pop(0)
            callback(*args)

    def close(self):
        self._closing = True
