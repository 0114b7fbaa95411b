"""Request bodies that libcurl asks for, piece by piece."""

from __future__ import absolute_import, division, print_function

import re

import pycurl

from waterspout._net.body_sources import IteratorBodySource
from waterspout.exceptions import Unsupported

#: Before, callbacks are lost in ``Curl.pause``, and with them the transfer (pycurl#708).
CAN_PAUSE = tuple(map(int, re.match(r"PycURL/(\d+)\.(\d+)", pycurl.version).groups())) >= (7, 45)


class CurlUpload(object):
    """Gives libcurl the pieces of a body when it asks; while there is none, it is paused.

    For an `IteratorBodySource` this is the upload that it writes to.
    """

    def __init__(self, curl, exchange):
        # type: (pycurl.Curl, BorrowedExchange) -> None
        self._curl = curl
        self._exchange = exchange
        self._content = exchange.request.body
        self._body = IteratorBodySource(self._content.pieces())
        self._ask = lambda: self._body.start(self)  # Later on: `IteratorBodySource.drained`.
        self._waiting = memoryview(b"")  # What libcurl did not take yet.
        self._ended = self._failed = self._paused = False
        self._asked = False  # The body is to give its next piece.
        self._resume = resumer(curl, exchange)

    def prepare(self):
        # type: () -> None
        """Set the options of libcurl."""
        length, curl = self._content.length, self._curl
        curl.setopt(pycurl.CUSTOMREQUEST, self._exchange.request.method)
        curl.setopt(pycurl.UPLOAD, 1)
        curl.setopt(pycurl.INFILESIZE_LARGE, -1 if length is None else length)
        curl.setopt(pycurl.READFUNCTION, self._read)
        # On a kept connection that turns out to be closed libcurl would want to send it again.
        curl.setopt(pycurl.FRESH_CONNECT, 1)
        # The last request's would rewind that one's body, and libcurl send ours cut short.
        curl.setopt(pycurl.SEEKFUNCTION, lambda offset, origin: pycurl.SEEKFUNC_FAIL)
        self._exchange.stop = self.stop

    def stop(self):
        # type: () -> None
        """No more is wanted: the call has ended, or the transfer has, by an early answer."""
        self._body.stop()
        self._go_on()

    def _read(self, size):
        self._exchange.timeouts.connected()
        # libcurl asks again behind the end of the call, and when a pause ended without a reason.
        if not (self._waiting or self._ended or self._asked or self._exchange.over):
            self._exchange.timeouts.awaiting_body()
            self._ask_for_more()
        if self._failed or self._exchange.over:
            return pycurl.READFUNC_ABORT
        if not self._waiting and not self._ended:
            if not CAN_PAUSE:
                self._exchange.raised(Unsupported(
                    "the curl transport waits for no Future with a pycurl before 7.45; pooled can"))
                return pycurl.READFUNC_ABORT
            self._paused = True
            return pycurl.READFUNC_PAUSE
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        if data:
            self._exchange.timeouts.sending()
        else:
            self._exchange.timeouts.sent()
        return data.tobytes()

    def _ask_for_more(self):
        self._asked = True
        self._ask()

    # For the body

    def write(self, data):
        # type: (bytes) -> None
        self._ask, self._asked = self._body.drained, False
        if not isinstance(data, bytes):
            self.body_failed(
                TypeError("a request body must give bytes, not %s" % type(data).__name__))
        elif data:
            self._waiting = memoryview(data)
            self._go_on()
        else:
            self._ask_for_more()  # Nothing, which libcurl would take for the end.

    def end_body(self):
        # type: () -> None
        self._ended = True
        self._go_on()

    def body_failed(self, error):
        # type: (Exception) -> None
        self._failed = True
        self._exchange.raised(error)
        self._go_on()

    def _go_on(self):
        if self._paused:
            self._paused = False
            self._resume()


def resumer(curl, exchange):
    # type: (pycurl.Curl, BorrowedExchange) -> Callable[[], None]
    """What ends a pause of this transfer, from the IOLoop: pycurl refuses it in a callback.

    It may come late and find the handle idle, or with another transfer: that one only asks
    again, and hears again that it is to wait.
    """

    def unpause():
        try:
            curl.pause(pycurl.PAUSE_CONT)
        except pycurl.error:
            pass  # Idle.

    return lambda: exchange.call_soon(unpause)
