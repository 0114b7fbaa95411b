"""Exchanges that write down what becomes of them."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Future, resolve
from waterspout._net.exchange import Exchange
from waterspout._net.origin import Origin
from waterspout._wire.events import EndOfMessage, InformationalHead, ProtocolSwitched, ResponseHead
from waterspout._wire.field_lines import FieldLines
from waterspout.timeouts import ClientTimeout

HERE = Origin("http", "here.example", 80)

#: Seconds; long enough that it means a broken test when it runs out.
LONG = 30.0


class Outcome(object):
    """What became of a call of the pooled transport: its response or its error.

    Attributes:
        told (int): how often it was told.
    """

    response = error = None
    told = 0

    def __call__(self, request, response, error):
        self.told += 1
        self.response, self.error = response, error


class RecordedExchange(Exchange):
    """One request; the test looks at what is left of it.

    Attributes:
        head (ResponseHead or None), content (bytes), informational ([int]).
        error (tuple or None): ``(error_class, what, cause)``, or ``(class, text, error)`` of
            what `failed_with` was given.
        endings (int): how often it was told that it is over.
        on_received, on_end (callable or None): called with this exchange, at each.
    """

    def __init__(self, method=b"GET", origin=HERE, target=b"/", body=None, timeout=LONG,
                 deadline=None, pairs=()):
        fields = FieldLines([(b"Host", origin.host.encode("ascii"))] + list(pairs))
        super(RecordedExchange, self).__init__(
            origin, method, target, fields, body, ClientTimeout.of(timeout), deadline)
        self.head = None
        self.content = b""
        self.informational = []
        self.error = None
        self.endings = 0
        self._ended = None
        self.on_received = None
        self.on_end = None

    def received(self, events):
        over = False
        for event in events:
            if isinstance(event, bytes):
                self.content += event
            elif isinstance(event, InformationalHead):
                self.informational.append(event.status_code)
            elif isinstance(event, ResponseHead):
                self.head = event
            else:
                assert isinstance(event, (EndOfMessage, ProtocolSwitched))
                over = True
        if self.on_received is not None:
            self.on_received(self)
        if over:
            self._end()

    def failed(self, error_class, what, cause):
        assert isinstance(what, str), what
        self.error = error_class, what, cause
        self._end()

    def failed_with(self, error):
        self.error = type(error), str(error), error
        self._end()

    def _end(self):
        self.endings += 1
        if self._ended is not None:
            resolve(self._ended, self)
        if self.on_end is not None:
            self.on_end(self)

    def ended(self):
        """A Future that has this exchange as its result once it is over, well or not."""
        if self._ended is None:
            self._ended = Future()
            if self.endings:
                self._ended.set_result(self)
        return self._ended

    @property
    def status(self):
        return None if self.head is None else self.head.status_code

    @property
    def failure(self):
        """The class it failed with, or None."""
        return None if self.error is None else self.error[0]

    def __repr__(self):
        return "<RecordedExchange %s %s %s>" % (self.method, self.origin, self.phase)
