"""Requests to the gateway on kept connections, all at once, again and again."""

from __future__ import absolute_import, division, print_function

import collections
import contextlib
import ssl

from benchmarks.servers import cases, connections, messages

#: Requests that are under way at a time: as many as connections.
CONCURRENT = 32

_CASE = cases.named("import-64")


class Site(collections.namedtuple("Site", "folder key upstream_url")):
    """What a gateway is run with.

    Attributes:
        folder: has the files that options name.
        key: an API key that the gateway knows.
        upstream_url: of its CMDB.
    """

    __slots__ = ()

    def options_of(self, variant):
        # type: (Variant) -> list[str]
        return [word.format(folder=self.folder) for word in variant.options] + [
            "--upstream=" + self.upstream_url]


def run(port, variant, key, rounds):
    # type: (int, Variant, str, int) -> None
    """Send ``rounds`` times `CONCURRENT` requests, and check each answer. Raises WrongAnswer."""
    message = with_fields(messages.request(_CASE, port), variant.fields, key)
    with contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(contextlib.closing(connect(port, variant.tls)))
                 for _ in range(CONCURRENT)]
        for number in range(rounds):
            for index, sock in enumerate(crowd):
                sock.sendall(messages.numbered(message, number * CONCURRENT + index))
            for sock in crowd:
                messages.check(_CASE, *connections.read_answer(sock))


def connect(port, is_tls):
    # type: (int, bool) -> socket.socket
    sock = connections.connect(port)
    if not is_tls:
        return sock
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # The certificate was made for this run.
    return context.wrap_socket(sock)


def with_fields(message, fields, key):
    # type: (str, Iterable[tuple[str, str]], str) -> str
    """Add these header fields to a request."""
    head, _, body = message.partition("\r\n\r\n")
    lines = ["%s: %s" % (name, value.format(key=key)) for name, value in fields]
    return "\r\n".join([head] + lines) + "\r\n\r\n" + body
