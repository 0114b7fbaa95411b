"""A client's stream, and the socket of the server at the other end, plain or after TLS."""

from __future__ import absolute_import, division, print_function

import ssl

from certificates import AUTHORITY, SERVER, server_context
from tornado import gen
from tornado.iostream import IOStream
from tornado.tcpclient import TCPClient


def taken_from(stream):
    """The socket of a stream, which the IOLoop does not watch any more."""
    stream.io_loop.remove_handler(stream.socket)
    return stream.socket


@gen.coroutine
def connected(peer, tls):
    """A Future of the client's IOStream, and of the socket that ``peer`` has accepted.

    With ``tls`` it is Tornado's own handshake; the socket then is as after ours.
    """
    options = None
    if tls:
        options = ssl.create_default_context(cafile=AUTHORITY)
        options.check_hostname = False
    connecting = gen.convert_yielded(
        TCPClient().connect("127.0.0.1", peer.port, ssl_options=options))
    served = yield peer.accept()
    sock = taken_from(served)
    if tls:
        served.close_fd = lambda: None
        sock = taken_from((yield IOStream(sock).start_tls(True, server_context(SERVER))))
    raise gen.Return(((yield connecting), sock))
