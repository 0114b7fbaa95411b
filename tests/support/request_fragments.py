"""What requests are made of, and what they should not be made of."""

from __future__ import absolute_import, division, print_function

#: Whole requests: one of each framing, and each odd thing once.
SEEDS = (
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello\r\nGET / HTTP/1.0\r\n\r\n",
    b"PUT / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: Chunked\r\nExpect: 100-continue\r\n\r\n"
    b"5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
    b"\r\n\r\nHEAD http://a:80/ HTTP/1.2\r\nHost: A:\r\n\r\n"
    b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length:0\r\n\r\n"
    b"GET /\xff HTTP/1.1\r\nHost: [::1]\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nleft",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nF\r\n"
    b"012345678901234\r\n000\r\n\r\n",
)

#: Pieces, to be joined at random.
FRAGMENTS = [
    b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.0\r\n", b"POST /a HTTP/1.1\r\nHost: a\r\n", b"GET",
    b"CONNECT a:1 HTTP/1.1\r\n", b"GET http://a/ HTTP/1.1\r\n", b"PRI * HTTP/2.0\r\n", b"GET /\r\n",
    b" HTTP/1.1", b"HTTP/", b"1.1", b"/", b"*", b"http://a", b"http/1.1", b"Host: a\r\n",
    b"Host: b\r\n", b"host:", b"Content-Length: ", b"content-length:", b"Transfer-Encoding: ",
    b"transfer-encoding:", b"chunked", b"gzip", b"Connection: ", b"close", b"keep-alive",
    b"Upgrade: chat\r\n", b"Expect: 100-continue\r\n", b"A: b\r\n", b"A: b", b"A", b":", b" ",
    b"\t", b"\r\n", b"\r", b"\n", b"\r\n\r\n", b"\r\n ", b"0", b"1", b"5", b"5\r\nhello\r\n",
    b"1\r\na\r\n", b"0\r\n", b"0\r\n\r\n", b"hello", b";a=b", b"F", b"-", b"+", b"0x", b"_", b",",
    b"5, 5", b"\x00", b"\x7f", b"\x85", b"\xa0", b"\xff", b"1" * 20, b"A: b\n", b"\n\n",
    b"5 \r\n", b"@", b"\x0b", b"\x0c", b"\x1c",
]
