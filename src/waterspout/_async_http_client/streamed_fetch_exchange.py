"""StreamedFetchExchange: passes a response's body to ``streaming_callback``, at its pace."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.ioloop import IOLoop

from waterspout._async_http_client.callbacks import call, logged_failure
from waterspout._async_http_client.fetch_exchange import REFUSED, FetchExchange
from waterspout._async_http_client.tornado_errors import timeout_error
from waterspout._compat import detached, monotonic
from waterspout._net.exchange import NEVER


class StreamedFetchExchange(FetchExchange):
    """Passes the body to ``streaming_callback``; reads no more while that is awaited."""

    __slots__ = ("_held", "_pieces", "_waits", "_timer")

    def __init__(self, *args):
        super(StreamedFetchExchange, self).__init__(*args)
        self._held = collections.deque()  # Events that were not handled yet.
        self._pieces = iter(())  # The rest of the data that is being handled.
        self._waits = False
        self._timer = None

    def received(self, events):
        self._held.extend(events)
        if not self._waits:
            self._go_on()

    def _go_on(self):
        try:
            while not self._over:
                for piece in self._pieces:
                    future = call(self._fetch.streaming_callback, piece)
                    if future is not None:
                        self._wait_for(future)
                        return
                    if self._over:  # The callback cancelled the fetch.
                        return
                if not self._held:
                    return
                event = self._held.popleft()
                if type(event) is not bytes:
                    self._take(event)
                elif not self._follows:
                    self._pieces = iter(self._decoded(event))
        except REFUSED as error:
            self._refuse(error)

    def _wait_for(self, future):
        self._waits = True
        io_loop = IOLoop.current()
        if self.connection is not None:
            self.connection.pause()
        elif self._limit < NEVER:  # All was received: the pool checks the timeout no more.
            self._start_timer()
        io_loop.add_future(future, self._waited)

    def _waited(self, future):
        self._waits = False
        if self._timer is not None:
            IOLoop.current().remove_timeout(self._timer)
            self._timer = None
        try:
            future.result()  # Retrieved even after the end of the fetch.
        except BaseException:  # Since Python 3.8, CancelledError is not an Exception.
            failure = logged_failure()
            if not self._over:
                self._refuse(failure)
            return
        self._go_on()
        if self.connection is not None and not self._waits:
            self.connection.resume()

    def _start_timer(self):
        left = max(0.0, self._limit - monotonic())
        self._timer = detached(IOLoop.current().call_later, left, self._ran_out)

    def _ran_out(self):
        self._timer = None
        if self._over:
            return
        if self._limit > monotonic():  # py2: the IOLoop's clock was set forward
            self._start_timer()
        else:
            self.give_up(timeout_error(self))
