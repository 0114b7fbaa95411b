"""BodyBuffer: a large body of known length, received straight into the bytes that callers get."""

from __future__ import absolute_import, division, print_function

import io

#: Bytes above which a body gets a buffer. Shorter ones cost less CPU as pieces that are joined:
#: beside pieces, malloc keeps more of what was freed, and there are fewer page faults (ADR 0019).
LARGE_BYTES = 8 * 1024 * 1024

#: Bytes allocated before any of the body has arrived.
FIRST_BYTES = 256 * 1024

#: Bytes received at a time, at most.
_RECEIVE_BYTES = 256 * 1024

#: Bytes of free room below which the buffer grows: more than a TLS record, which must be received
#: whole (see `TLSStream`).
_LEAST_ROOM_BYTES = 64 * 1024


def new_body(length):
    # type: (int) -> Union[BodyBuffer, List[bytes]]
    """Return what collects a body of ``length`` bytes: a buffer, or a list of pieces to join."""
    # py2: BytesIO has no getbuffer(). A bytearray would be copied in the end, which takes as long
    # as joining the pieces.
    return BodyBuffer(length) if hasattr(io.BytesIO, "getbuffer") else []


class BodyBuffer(object):
    """The bytes of one body.

    The socket writes into the memory of a BytesIO, and ``getvalue()`` gives that memory as bytes
    without a copy. It grows as bytes arrive: a server that announces gigabytes and sends little
    makes it allocate `FIRST_BYTES`, and then no more than four times what it has sent. The steps
    are few because each may copy what has arrived.

    Args:
        length (int): bytes of the body, as announced.
    """

    __slots__ = ("_file", "_length", "_room", "_received")

    def __init__(self, length):
        # type: (int) -> None
        self._file = io.BytesIO()
        self._length = length
        self._room = 0  # Bytes allocated.
        self._received = 0

    def append(self, data):
        # type: (bytes) -> None
        """Add bytes that were received otherwise."""
        self._file.seek(self._received)
        self._file.write(data)
        self._received += len(data)

    def receive(self, stream, limit):
        # type: (PlainStream, int) -> Optional[int]
        """Receive at most ``limit`` bytes, for which the announced length must have room.

        Returns: the number of bytes, 0 at the end, None if there are none yet.
        Raises: socket.error.
        """
        start = self._received
        if self._room - start < _LEAST_ROOM_BYTES and self._room < self._length:
            self._grow()
        stop = min(start + min(limit, _RECEIVE_BYTES), self._room)
        # Both are released at once: a BytesIO that lends its memory cannot be written to.
        with self._file.getbuffer() as memory, memory[start:stop] as room:
            count = stream.recv_into(room)
        if count:
            self._received += count
        return count

    def __iter__(self):
        # type: () -> Iterator[bytes]
        """The whole body in one piece, once all of it has arrived.

        So it takes the place of a list of pieces: ``b"".join(buffer)`` is that piece, not a copy.
        """
        return iter((self._file.getvalue(),))

    def _grow(self):
        self._room = min(self._length, max(FIRST_BYTES, 4 * self._received))
        self._file.seek(self._room - 1)
        self._file.write(b"\0")
