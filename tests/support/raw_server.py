"""A TCP server that does exactly what a test says, and records what it was sent."""

from __future__ import absolute_import, division, print_function

import collections
import errno
import select
import socket
import struct
import threading

#: Seconds after which a test gives up; never reached when all is well.
PATIENCE = 30.0

#: One request as it arrived: native ``str`` and (lower-case name, value) pairs, Latin-1.
Received = collections.namedtuple("Received", "method target version headers body")


class RawServer(object):
    """Listens on the loopback interface in a thread of its own.

    Args:
        behave: called with a `Peer`, in a thread of its own, for each connection.
        host: ``"127.0.0.1"`` or ``"::1"``.
        tls (ssl.SSLContext or None): to speak TLS.
        unix_socket (path or None): to listen there, and not on a port.

    Attributes:
        received (list of Received): every request that `Peer.read_request` has read.
        accepted (int): connections so far.
        ended (int): how many of these are closed on this side.
    """

    def __init__(self, behave, host="127.0.0.1", tls=None, unix_socket=None):
        self._behave = behave
        self._tls = tls
        self._host = host
        if unix_socket is not None:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(unix_socket)
        else:
            self._listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind((host, 0))
            self.port = self._listener.getsockname()[1]
        self._listener.listen(128)
        self.received = []
        self.accepted = 0
        self.ended = 0
        self._lock = threading.Lock()
        self._peers = []
        self._failures = []
        self._threads = [start_thread(self._accept)]

    @property
    def address(self):
        """What a URL says: ``127.0.0.1:8080`` or ``[::1]:8080``."""
        return ("[%s]:%d" if ":" in self._host else "%s:%d") % (self._host, self.port)

    def url(self, path="/"):
        return "%s://%s%s" % ("http" if self._tls is None else "https", self.address, path)

    def close(self):
        """Close every connection. Raises what went wrong in a behaviour, if anything did."""
        try:
            # Wakes accept(); close() alone does not.
            self._listener.shutdown(socket.SHUT_RDWR)
        except socket.error:
            pass
        self._listener.close()
        self.hang_up()
        for thread in list(self._threads):
            thread.join(PATIENCE)
            assert not thread.is_alive(), "%r does not end" % self._behave
        for peer in self._peers:
            peer.close()
        assert self._failures == [], self._failures

    def hang_up(self):
        """End every connection there is."""
        for peer in list(self._peers):
            peer.hang_up()

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.close()

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except socket.error as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    continue  # The test has taken all descriptors; it gives them back soon.
                return
            self.accepted += 1
            peer = Peer(self, sock)
            self._peers.append(peer)
            self._threads.append(start_thread(self._serve, peer))
            del sock, peer  # py2: an SSLSocket keeps its descriptor until it is forgotten.

    def _serve(self, peer):
        try:
            if self._tls is not None:
                peer.start_tls(self._tls)
            self._behave(peer)
        except (socket.error, HungUp):
            pass  # The client went away; the test sees that from its own side.
        except Exception as error:
            self._failures.append(repr(error))
        finally:
            peer.close()
            with self._lock:
                self.ended += 1


class HungUp(Exception):
    """The client closed the connection where a request was expected."""


class Peer(object):
    """The server's end of one connection.

    Attributes:
        gone (threading.Event): set when the client is seen to have closed its end.
    """

    def __init__(self, server, sock):
        self.server = server
        self.gone = threading.Event()
        self._sock = sock
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def start_tls(self, context):
        self._sock = context.wrap_socket(self._sock, server_side=True)

    def read_request(self, chunks=True):
        """Read, record and return one `Received`. Raises HungUp at the end of the stream.

        A body in chunks is left where it is, to be read or not, unless ``chunks``.
        """
        head = self._read_until(b"\r\n\r\n").decode("latin-1")
        lines = head.split(u"\r\n")
        method, target, version = lines[0].split(u" ")
        headers = []
        for line in lines[1:]:
            name, _, value = line.partition(u":")
            headers.append((name.lower(), value.strip(u" \t")))
        if dict(headers).get(u"transfer-encoding") == u"chunked":
            body = self._read_chunks() if chunks else b""
        else:
            body = self._read_bytes(int(dict(headers).get(u"content-length", 0)))
        request = Received(method, target, version, headers, body)
        self.server.received.append(request)
        return request

    def requests(self):
        """Yield requests until the client closes."""
        while True:
            try:
                yield self.read_request()
            except HungUp:
                return

    def send(self, data):
        self._sock.sendall(data)

    def join(self, address):
        """Hand on all bytes to and from this (host, port), until one side closes."""
        other = socket.create_connection(address, PATIENCE)
        try:
            while True:
                for sock in select.select([self._sock, other], [], [], PATIENCE)[0]:
                    data = sock.recv(65536)
                    if not data:
                        return
                    (other if sock is self._sock else self._sock).sendall(data)
        finally:
            other.close()

    def reset(self):
        """Close with a RST: what a crashed or overloaded server looks like."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        self._sock.close()

    def hold(self):
        """Keep the connection open, in silence, until the client closes it or the test ends."""
        try:
            while True:
                self._fill()
        except (HungUp, socket.error):
            pass

    def hang_up(self):
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except (socket.error, EnvironmentError):
            pass

    def _read_chunks(self):
        chunks = []
        while not chunks or chunks[-1]:
            size = int(self._read_until(b"\r\n"), 16)
            chunks.append(self._read_bytes(size))
            assert self._read_until(b"\r\n") == b""
        return b"".join(chunks)

    def _read_bytes(self, count):
        while len(self._buffer) < count:
            self._fill()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def _read_until(self, mark):
        while mark not in self._buffer:
            self._fill()
        data, _, self._buffer = self._buffer.partition(mark)
        return data

    def _fill(self):
        try:
            data = self._sock.recv(65536)
        except socket.error as error:
            if error.errno == errno.ECONNRESET:
                self.gone.set()
            raise
        if not data:
            self.gone.set()
            raise HungUp()
        self._buffer += data


def start_thread(target, *args):
    thread = threading.Thread(target=target, args=args)
    thread.daemon = True
    thread.start()
    return thread


# Behaviours, and the answers that they give


def response(body=b"", status=200, reason="OK", headers=(), length=True):
    """The bytes of a response; ``headers`` are (name, value) pairs of native ``str``."""
    lines = [_latin1("HTTP/1.1 %d %s" % (status, reason))]
    lines += [_latin1(name) + b": " + _latin1(value) for name, value in headers]
    if length:
        lines.append(_latin1("Content-Length: %d" % len(body)))
    return b"\r\n".join(lines + [b"", body])


def _latin1(value):
    return value if isinstance(value, bytes) else value.encode("latin-1")


def answering(*answers):
    """A behaviour: each request gets the next of these responses, and the last one from then on."""
    left = list(answers)

    def behave(peer):
        for _ in peer.requests():
            peer.send(left.pop(0) if len(left) > 1 else left[0])

    return behave


def then(*steps):
    """A behaviour: read a request, then do these steps; bytes are sent, callables called.

    A body in chunks is left unread.
    """

    def behave(peer):
        peer.read_request(chunks=False)
        for step in steps:
            peer.send(step) if isinstance(step, bytes) else step(peer)

    return behave


def tunnelling(address=None):
    """A proxy that makes tunnels: to where it is asked to, or always to this (host, port)."""

    def behave(peer):
        host, _, port = peer.read_request().target.rpartition(":")
        peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
        peer.join(address or (host, int(port)))

    return behave
