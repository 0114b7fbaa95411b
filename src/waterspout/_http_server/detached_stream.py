"""detached_stream: hands a connection over to the application, as an IOStream of Tornado."""

from __future__ import absolute_import, division, print_function

import ssl

from tornado.iostream import IOStream, SSLIOStream


def detached_stream(sock, unread, unsent, max_buffer_size=None, read_chunk_size=None):
    # type: (socket.socket, bytes, List[bytes], Optional[int], Optional[int]) -> IOStream
    """Return a stream for ``sock``, which is used by nothing else from now on.

    If the socket is broken already, the stream is closed.

    Args:
        sock (socket.socket or ssl.SSLSocket): connected, and not watched by the IOLoop any more;
            over TLS after the handshake.
        unread (bytes): received but not read yet; the stream gives them first.
        unsent (list of bytes): the stream sends them before anything else.
        max_buffer_size, read_chunk_size (int or None): as in `IOStream`.
    """
    options = {"max_buffer_size": max_buffer_size, "read_chunk_size": read_chunk_size}
    if isinstance(sock, ssl.SSLSocket):
        # Otherwise Tornado makes a context for a client, which loads all authorities.
        stream = _DetachedTLSStream(sock, ssl_options=sock.context, **options)
    else:
        stream = _DetachedStream(sock, **options)
    stream.unread = memoryview(unread)
    # Over TLS, a write that has nothing to send is how the stream learns that the handshake is
    # done. Until then it reads nothing.
    for data in unsent or [b""]:
        if not stream.closed():
            stream.write(data)
    return stream


class _UnreadFirst(object):
    """Mixin of an IOStream.

    Attributes:
        unread (memoryview): given before what the socket gives.
    """

    unread = b""

    def read_from_fd(self, buf):
        """Called by Tornado to fill ``buf``. Return the number of bytes, None if there are none."""
        unread = self.unread
        if not unread:
            return super(_UnreadFirst, self).read_from_fd(buf)
        count = min(len(buf), len(unread))
        buf[:count] = unread[:count]
        self.unread = unread[count:] if count < len(unread) else b""
        return count


class _DetachedStream(_UnreadFirst, IOStream):
    pass


class _DetachedTLSStream(_UnreadFirst, SSLIOStream):
    pass
