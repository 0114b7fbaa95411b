"""An HTTPServer, ours or Tornado's, in a thread of its own, for clients that send raw bytes."""

from __future__ import absolute_import, division, print_function

import socket
import threading

import tornado.httpserver
from programs import wait_until
from raw_server import PATIENCE, start_thread
from tornado import gen
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets

import waterspout

#: For `pytest.mark.parametrize`: behaviour that both promise.
BOTH = [waterspout.HTTPServer, tornado.httpserver.HTTPServer]


class ServedHTTP(object):
    """Serves an application on 127.0.0.1.

    Args:
        application: of Tornado; any that an HTTPServer takes.
        make (callable): returns the application, in the server's thread, instead.
        sockets (list of socket.socket): to listen on, instead of a port of its own.
    Attributes:
        server (HTTPServer), port (int), io_loop (IOLoop).
    """

    def __init__(self, application=None, server_class=waterspout.HTTPServer, make=None,
                 sockets=None, **kwargs):
        self.server = None
        self._make = make or (lambda: application)
        self._class = server_class
        self._kwargs = kwargs
        self._sockets = sockets or bind_sockets(0, "127.0.0.1")
        self.port = None if sockets else self._sockets[0].getsockname()[1]
        self._ready = threading.Event()
        self._thread = start_thread(self._run)
        assert self._ready.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.io_loop.add_callback(self._stop)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive(), "the server does not stop"

    def connect(self):
        """A blocking socket, connected to the server."""
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def exchange(self, data, half_close=False):
        """Send ``data`` on a connection of its own, and return all bytes until its end."""
        with_socket = self.connect()
        try:
            with_socket.sendall(data)
            if half_close:
                with_socket.shutdown(socket.SHUT_WR)
            return received(with_socket)
        finally:
            with_socket.close()

    def set_receive_buffer(self, size):
        """Limit what the kernel keeps for the server, on connections made from now on."""
        self._sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    def call(self, function):
        """What ``function()`` returns, or raises, in the server's thread."""
        done, results, errors = threading.Event(), [], []

        def run():
            try:
                results.append(function())
            except Exception as error:
                errors.append(error)
            done.set()

        self.io_loop.add_callback(run)
        assert done.wait(PATIENCE)
        if errors:
            raise errors[0]
        return results[0]

    def resolve(self, future):
        """Give a Future, in the server's thread, the result None."""
        self.call(lambda: future.set_result(None))

    def wait_for(self, condition, what="it"):
        """Wait until ``condition()`` is true in the server's thread."""
        return wait_until(lambda: self.call(condition), what)

    def wait_for_stats(self, **numbers):
        """Wait until the server's `stats` have these values."""
        self.wait_for(lambda: all(
            self.server.stats()[name] == number for name, number in numbers.items()), numbers)

    def _run(self):
        self.io_loop = IOLoop(make_current=False)
        self.io_loop.add_callback(self._start)
        self.io_loop.start()
        self.io_loop.close()

    def _start(self):
        self.server = self._class(self._make(), **self._kwargs)
        self.server.add_sockets(self._sockets)
        self._ready.set()

    def _stop(self):
        self.server.stop()
        self.io_loop.add_future(
            gen.convert_yielded(self.server.close_all_connections()),
            lambda done: self.io_loop.stop())


def received(sock):
    """All bytes until the peer ends the connection."""
    data = b""
    while True:
        piece = sock.recv(65536)
        if not piece:
            return data
        data += piece


def read_until(sock, end):
    """The bytes up to and including ``end``, read one by one."""
    data = b""
    while not data.endswith(end):
        byte = sock.recv(1)
        assert byte, "the server ended the connection after %r" % data
        data += byte
    return data


class Stuffing(object):
    """Sends to a server as much as its side of a connection takes."""

    #: Exchanges of another client in which the server could have read, and did not.
    ROUNDS = 5

    def __init__(self, served, sock):
        self._served = served
        self._socket = sock
        self.sent = 0

    def send(self, piece, limit_bytes):
        """Send ``piece`` again and again until nothing is taken; return the bytes sent.

        ``limit_bytes`` ends the test: so much should never be taken.
        """
        self._socket.settimeout(0)
        idle = 0
        while idle < self.ROUNDS:
            try:
                self.sent += self._socket.send(piece)
                assert self.sent < limit_bytes, "the server takes bytes without end"
                idle = 0
            except socket.error:  # Not now.
                self._served.exchange(b"GET /turn HTTP/1.0\r\n\r\n")
                idle += 1
        self._socket.settimeout(PATIENCE)
        return self.sent
