"""Measures the wire alone, beside h11 where that is installed. No sockets, no loop.

    python benchmarks/wire_bench.py [seconds]

Prints one line for each case: the least time of many short rounds, in which the readers take
turns, so that a busy machine disturbs all of them alike. It reports; it asserts nothing.
"""

from __future__ import absolute_import, division, print_function

import os
import platform
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "src"))

from waterspout._wire import ClientConnection, EndOfMessage, FieldLines  # noqa: E402

try:
    import h11
except ImportError:
    h11 = None

#: Seconds for each case, all readers together.
SECONDS = 2.0

clock = getattr(time, "perf_counter", time.time)

HOST = [(b"Host", b"127.0.0.1:8080")]
FIELDS = HOST + [
    (b"User-Agent", b"waterspout/0.1"), (b"Accept", b"*/*"),
    (b"Accept-Encoding", b"gzip, deflate"), (b"Content-Type", b"application/json")]
ENCODED = FieldLines(FIELDS)

#: What nginx sends in front of 166 bytes of JSON.
SMALL = (b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sat, 22 Nov 2025 16:50:00 GMT\r\n"
         b"Content-Type: application/json\r\nContent-Length: 166\r\nConnection: keep-alive\r\n\r\n"
         + b"{" + b" " * 164 + b"}")
MANY_FIELDS = (b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-Field-%d: some value %d\r\n" % (i, i)
               for i in range(40)) + b"Content-Length: 2\r\n\r\nok")
MIB = 1024 * 1024
LARGE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % MIB + b"x" * MIB


def chunked(size):
    """One MiB in chunks of this size."""
    return (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + (b"%x\r\n%s\r\n" % (size, b"x" * size)) * (MIB // size) + b"0\r\n\r\n")


def slices(data, size=64 * 1024):
    return [data[i:i + size] for i in range(0, len(data), size)]


#: Name, what is received, and in which slices.
CASES = [
    ("166 B of JSON, one slice", [SMALL]),
    ("the same, head and body apart", [SMALL[:-166], SMALL[-166:]]),
    ("the same, in slices of 10 B", slices(SMALL, 10)),
    ("41 fields, 2 B", [MANY_FIELDS]),
    ("1 MiB in slices of 64 KiB", slices(LARGE)),
    ("1 MiB, chunks of 64 KiB", slices(chunked(64 * 1024))),
    ("1 MiB, chunks of 4 KiB", slices(chunked(4 * 1024))),
    ("1 MiB, chunks of 16 B", slices(chunked(16))),
]


def with_waterspout():
    """Return a function that does one exchange: request written, response read to its end."""
    connection = ClientConnection()

    def exchange(received):
        connection.send_request(b"GET", b"/path?query=1", ENCODED)
        for data in received:
            for event in connection.receive_data(data):
                last = event
        assert type(last) is EndOfMessage

    return exchange


def with_h11():
    connection = h11.Connection(h11.CLIENT)

    def exchange(received):
        connection.send(h11.Request(method=b"GET", target=b"/path?query=1", headers=FIELDS))
        connection.send(h11.EndOfMessage())
        for data in received:
            connection.receive_data(data)
            event = connection.next_event()
            while event not in (h11.NEED_DATA, h11.PAUSED):
                last = event
                event = connection.next_event()
        assert type(last) is h11.EndOfMessage
        connection.start_next_cycle()

    return exchange


def least(exchanges, received, seconds):
    """The least seconds for one exchange, for each of the functions."""
    counts = []
    for exchange in exchanges:  # As many in a round as take a few milliseconds.
        exchange(received)  # The first takes longer than all others.
        start = clock()
        exchange(received)
        counts.append(max(1, int(0.004 / (clock() - start))))
    best = [float("inf")] * len(exchanges)
    end = clock() + seconds
    while clock() < end:
        for i, exchange in enumerate(exchanges):
            start = clock()
            for _ in range(counts[i]):
                exchange(received)
            best[i] = min(best[i], (clock() - start) / counts[i])
    return best


def main(seconds=SECONDS):
    names = ["waterspout"] + (["h11 " + h11.__version__] if h11 else [])
    exchanges = [with_waterspout()] + ([with_h11()] if h11 else [])
    print("%s %s, %s; microseconds for one exchange" % (
        platform.python_implementation(), platform.python_version(), platform.machine()))
    print("%-32s" % "" + "".join("%14s" % name for name in names))
    for name, received in CASES:
        best = least(exchanges, received, seconds)
        print("%-32s" % name + "".join("%14.1f" % (spent * 1e6) for spent in best))


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
