"""The same call through plain requests and through us, to one server that records both."""

from __future__ import absolute_import, division, print_function

import collections
import contextlib

import requests
from client_fixtures import TRANSPORTS, Client, new_io_loop
from raw_server import RawServer, response

#: Differences that are declared (`differences.FROM_REQUESTS`), or between any two calls.
NOT_COMPARED = ("user-agent", "connection", "accept-encoding")

#: What came back, in terms of both.
Answer = collections.namedtuple(
    "Answer", "status_code reason headers content text url history encoding"
)


class BothWays(object):
    """Sends calls through requests and through one transport.

    Attributes:
        server (RawServer): answers each request with `reply`, or with what `reply` returns for
            it where it is callable.
        hang_up (bool): whether it closes the connection behind the answer.
    """

    def __init__(self, io_loop, transport):
        self.server = RawServer(self._behave)
        self.transport = transport
        self.client = Client(io_loop, transport)
        self._requests = requests.Session()
        self._requests.trust_env = False
        self.reply = response(b"{}")
        self.hang_up = False

    def close(self):
        self._requests.close()
        self.client.close()
        self.server.close()

    def _behave(self, peer):
        for request in peer.requests():
            peer.send(self.reply(request) if callable(self.reply) else self.reply)
            if self.hang_up:
                return

    def theirs(self, method, url, **kwargs):
        """(what arrived, what came back) through requests."""
        return self._recorded(lambda: self._requests.request(method, url, timeout=30, **kwargs))

    def ours(self, method, url, **kwargs):
        """The same through us."""
        return self._recorded(lambda: self.client.request(method, url, timeout=30, **kwargs))

    def send(self, library, request):
        """The same for a PreparedRequest of requests or of ours."""
        def call():
            return self.session(library).send(request, timeout=30)

        return self._recorded(call if library is requests else lambda: self.client.run(call))

    def session(self, library):
        return self._requests if library is requests else self.client.session

    def _recorded(self, call):
        del self.server.received[:]
        answer = call()
        return [comparable(request) for request in self.server.received], self._answer(answer)

    def _answer(self, answer):
        return Answer(
            answer.status_code,
            answer.reason,
            fields(answer.headers.items()),
            answer.content,
            answer.text,
            answer.url,
            [(each.status_code, each.url, each.headers.get("Location")) for each in answer.history],
            answer.encoding,
        )


@contextlib.contextmanager
def both_ways_on_every_transport(names=TRANSPORTS):
    with new_io_loop() as io_loop:
        pairs = [BothWays(io_loop, name) for name in names]
        try:
            yield pairs
        finally:
            for pair in pairs:
                pair.close()


def comparable(request):
    """A `Received` without what is not compared, its fields in an order of their own."""
    kept = [field for field in request.headers if field[0] not in NOT_COMPARED]
    return request._replace(headers=sorted(kept))


def fields(pairs):
    return sorted((name.lower(), value) for name, value in pairs)
