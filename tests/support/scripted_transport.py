"""A transport that answers each request with the next of some answers."""

from __future__ import absolute_import, division, print_function

import collections

from tornado.ioloop import IOLoop

from waterspout.testing._exchanges.answer import play
from waterspout.testing._exchanges.in_process_transport import InProcessTransport
from waterspout.testing._exchanges.request_body import collect_body


class ScriptedTransport(InProcessTransport):
    """Plays ``answers`` in their order.

    Attributes:
        sent (list): ``(request, body)`` of each request.
        finished (int): how many exchanges have ended, however that was.
    """

    def __init__(self, *answers):
        self.sent = []
        self.finished = 0
        self._answers = collections.deque(answers)

    def answer(self, exchange, finished):
        answer = self._answers.popleft()

        def count():
            self.finished += 1
            finished()

        def read(body):
            self.sent.append((exchange.request, body))
            play(exchange, answer, IOLoop.current(), count)

        collect_body(exchange, read)
