"""What responses are made of, and what they should not be made of."""

from __future__ import absolute_import, division, print_function

#: Whole responses: one of each framing, and each odd thing once.
SEEDS = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
    b"HTTP/1.0 200\r\nConnection: keep-alive, close\r\n\r\nhello",
    b"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n",
    b"HTTP/1.1 101 Switch\r\nUpgrade: chat\r\nConnection: upgrade\r\n\r\nleft",
    b"HTTP/1.1 204 No Content\r\nContent-Length: 0, 0\r\nA: b\r\n c\r\n\r\nextra",
    b"HTTP/1.1 103 H\nA: b\r\n\nHTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n"
    b"5 \r\nhello\r\n0 \r\n\r\n",
)

#: Pieces, to be joined at random.
FRAGMENTS = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 204\r\n", b"HTTP/1.1 100 C\r\n",
    b"HTTP/1.1 304 N\r\n", b"HTTP/1.1 101 S\r\n", b"HTTP/1.1 ", b"HTTP/", b"200", b"099", b"OK",
    b"Content-Length: ", b"content-length:", b"Transfer-Encoding: ", b"chunked", b"gzip",
    b"Connection: ", b"close", b"keep-alive", b"Upgrade: chat\r\n", b"Content-Encoding: gzip\r\n",
    b"A: b\r\n", b"A: b", b"A", b":", b" ", b"\t", b"\r\n", b"\r", b"\n", b"\r\n\r\n", b"\r\n ",
    b"0", b"1", b"5", b"5\r\nhello\r\n", b"1\r\na\r\n", b"0\r\n", b"0\r\n\r\n", b"hello", b";a=b",
    b"a", b"F", b"-", b"+", b"0x", b"_", b",", b"5, 5", b"5, 6", b"\x00", b"\x7f", b"\x80",
    b"\xff", b"1" * 20, b"A: b\n", b"HTTP/1.1 200 OK\n", b"\n\n", b"5 \r\n", b"0  \r\n\r\n",
]
