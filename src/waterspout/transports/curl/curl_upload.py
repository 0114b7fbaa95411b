"""CurlUpload: gives libcurl a request body piece by piece."""

from __future__ import absolute_import, division, print_function

import re

import pycurl

from waterspout._net.body_sources import IteratorBodySource
from waterspout.exceptions import Unsupported

#: Older versions lose callbacks in ``Curl.pause``, and with them the transfer (pycurl#708).
CAN_PAUSE = tuple(map(int, re.match(r"PycURL/(\d+)\.(\d+)", pycurl.version).groups())) >= (7, 45)


class CurlUpload(object):
    """Gives libcurl the pieces of a body when it asks, and pauses it while there is none.

    It is the ``upload`` that an `IteratorBodySource` writes to.
    """

    def __init__(self, curl, exchange):
        # type: (pycurl.Curl, BorrowedExchange) -> None
        self._curl = curl
        self._exchange = exchange
        self._content = exchange.request.body
        self._body = IteratorBodySource(self._content.pieces())
        self._ask = lambda: self._body.start(self)  # Later: `IteratorBodySource.drained`.
        self._waiting = memoryview(b"")  # Bytes that libcurl did not take yet.
        self._ended = self._failed = self._paused = False
        self._asked = False  # The body was asked for its next piece.
        self._resume = resumer(curl, exchange)

    def prepare(self):
        # type: () -> None
        """Set the options of libcurl."""
        length, curl = self._content.length, self._curl
        curl.setopt(pycurl.CUSTOMREQUEST, self._exchange.request.method)
        curl.setopt(pycurl.UPLOAD, 1)
        curl.setopt(pycurl.INFILESIZE_LARGE, -1 if length is None else length)
        curl.setopt(pycurl.READFUNCTION, self._read)
        # On a stale kept connection libcurl would send the body again.
        curl.setopt(pycurl.FRESH_CONNECT, 1)
        # The last request's function would rewind its own body, and ours would be sent incomplete.
        curl.setopt(pycurl.SEEKFUNCTION, lambda offset, origin: pycurl.SEEKFUNC_FAIL)
        self._exchange.stop = self.stop

    def stop(self):
        # type: () -> None
        """Stop: the call has ended, or an early response has ended the transfer."""
        self._body.stop()
        self._go_on()

    def _read(self, size):
        self._exchange.timeouts.connected()
        # libcurl also asks after the end of the call, and when a pause ended without a reason.
        if not (self._waiting or self._ended or self._asked or self._exchange.over):
            self._exchange.timeouts.awaiting_body()
            self._ask_for_more()
        if self._failed or self._exchange.over:
            return pycurl.READFUNC_ABORT
        if not self._waiting and not self._ended:
            if not CAN_PAUSE:
                self._exchange.raised(Unsupported(
                    "the curl transport cannot wait for a Future with a pycurl before 7.45; "
                    "pooled can"))
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
            self._ask_for_more()  # libcurl would take an empty piece for the end.

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
    """A function that ends a pause of this transfer, later: pycurl refuses that in a callback.

    By then the handle may be idle or have another transfer, which only asks once more and is
    paused again.
    """

    def unpause():
        try:
            curl.pause(pycurl.PAUSE_CONT)
        except pycurl.error:
            pass  # The handle is idle.

    return lambda: exchange.call_soon(unpause)
