"""What clients send to compare servers: each script is the bytes of one connection.

After each script a last request asks to close the connection, unless ``half_close`` is True: the
client then only ends its sending side. So a server that takes the script for one request answers
twice.
"""

from __future__ import absolute_import, division, print_function

import collections

#: ``group``, ``name``: native str. ``rule``: why it is served or refused, with the RFC's section.
Script = collections.namedtuple("Script", "group name data rule half_close")

LAST = b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

SCRIPTS = []

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"

#: A body that is another request to a server that takes it for none.
SECOND = b"GET /second HTTP/1.1\r\nHost: a\r\n\r\n"


def _group(name):
    def add(what, data, rule, half_close=False):
        SCRIPTS.append(Script(name, what, data, rule, half_close))

    return add


def _length(value, body=b"body"):
    return POST + b"Content-Length: " + value + b"\r\n\r\n" + body


def _coding(value, body=b"4\r\nbody\r\n" + END):
    return POST + b"Transfer-Encoding: " + value + b"\r\n\r\n" + body


_served = _group("Served")
_served("GET", GET + b"\r\n", "9112 3")
_served("three pipelined requests", 3 * (GET + b"\r\n"), "9112 9.3.2")
_served("Content-Length", _length(b"4"), "9112 6.2")
_served("Content-Length: 0", _length(b"0", b""), "9110 8.6")
_served("Content-Length between tabs and spaces", _length(b"\t 4 \t"), "9112 5.1")
_served("chunked", CHUNKED + b"4\r\nbody\r\n" + END, "9112 7.1")
_served("Chunked in another letter case", _coding(b"CHUNKED"), "9112 7")
_served("chunk size with zeros before it", CHUNKED + b"0004\r\nbody\r\n" + END, "9112 7.1")
_served("chunk size in upper case", CHUNKED + b"A\r\n0123456789\r\n" + END, "9112 7.1")
_served("chunk extensions", CHUNKED + b"4;a=b;c\r\nbody\r\n0;d\r\n\r\n",
        "9112 7.1.1: ignore unknown extensions")
_served("chunk extension with a quoted semicolon",
        CHUNKED + b"4;a=\"b;c\"\r\nbody\r\n" + END, "9112 7.1.1")
_served("trailers", CHUNKED + b"4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n", "9112 7.1.2")
_served("empty line before the request", b"\r\n" + GET + b"\r\n", "9112 2.2: skip at least one")
_served("absolute-form", b"GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3.2.2")
_served("absolute-form with default port, other letter case",
        b"GET HTTP://A:80/b HTTP/1.1\r\nHost: a\r\n\r\n", "9110 4.2.3")
_served("OPTIONS *", b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3.2.4")
_served("CONNECT, which the application refuses",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "9112 3.2.3")
_served("an unknown method", b"M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n", "9110 9.1")
_served("HTTP/1.0", b"GET / HTTP/1.0\r\n\r\n", "9112 9.3: the connection ends")
_served("HTTP/1.0 with keep-alive", b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "9112 9.3")
_served("HTTP/1.2", b"GET / HTTP/1.2\r\nHost: a\r\n\r\n",
        "9110 2.5: as the highest minor version that is known")
_served("Expect, and the body comes", POST + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n"
        b"body", "9110 10.1.1: 100 may be left out")
_served("Latin-1 in a field", GET + b"X: caf\xe9\r\n\r\n", "9110 5.5: obs-text")
_served("UTF-8 in the target", b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n",
        "9112 3.2 does not allow it; it cannot end the target, and clients send it")
_served("an empty field", GET + b"X:\r\n\r\n", "9112 5")
_served("empty Host", b"GET / HTTP/1.1\r\nHost:\r\n\r\n", "9112 3.2: allowed")
_served("Host with an IPv6 address", b"GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "9110 7.2")
_served("GET from a client that ends its side", GET + b"\r\n", "9112 9.6", True)
_served("POST from a client that ends its side", _length(b"4"), "9112 9.6", True)

_framing = _group("Two lengths of one body")
_both = b"0\r\n\r\n" + SECOND
_framing("Transfer-Encoding and Content-Length",
         POST + b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(_both) + _both,
         "9112 6.1, 6.3: may be refused; readers before us may have gone by either")
_framing("two equal Content-Lengths", POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
         "9110 8.6: may be refused")
_framing("two different Content-Lengths",
         POST + b"Content-Length: %d\r\nContent-Length: 0\r\n\r\n" % len(SECOND) + SECOND,
         "9112 6.3: 400")
_framing("Content-Length: 4, 4", _length(b"4, 4"), "9110 8.6: may be refused")
_framing("Content-Length: +4", _length(b"+4"), "9110 8.6: digits only")
_framing("Content-Length: -4", _length(b"-4"), "9110 8.6")
_framing("Content-Length: 0x4", _length(b"0x4"), "9110 8.6")
_framing("Content-Length: 1_0", _length(b"1_0", b"0123456789"), "9110 8.6")
_framing("Content-Length: 4 4", _length(b"4 4"), "9110 8.6")
_framing("Content-Length without a value", _length(b"", b""), "9110 8.6")
_framing("Content-Length in other digits", _length(b"\xb2", b"bo"), "9110 8.6")
_framing("Content-Length after NBSP", _length(b"\xa04"), "9110 5.5: NBSP is not white space")
_framing("Content-Length after VT", _length(b"\x0b4"), "9110 5.5")
_framing("Content-Length of 20 digits", _length(b"1" + b"0" * 19), "9110 8.6: no overflow")
_framing("chunked, chunked", _coding(b"chunked, chunked"), "9112 6.1: must not be sent")
_framing("gzip, chunked", _coding(b"gzip, chunked"), "9112 6.1: 501")
_framing("gzip alone", _coding(b"gzip"), "9112 6.3: 400")
_framing("identity", _coding(b"identity"), "9112 7: no coding of that name")
_framing("xchunked", _coding(b"xchunked"), "9112 6.3")
_framing("chunked after VT", _coding(b"\x0bchunked"), "9110 5.5")
_framing("chunked with a parameter", _coding(b"chunked;a=b"), "9112 7: no parameters")
_framing("chunked in quotes", _coding(b"\"chunked\""), "9112 7")
_framing("chunked, then identity in another field",
         POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"
         b"4\r\nbody\r\n" + END, "9112 6.3")
_framing("chunked in HTTP/1.0", b"POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
         b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n" + END, "9112 6.1: faulty framing")
_framing("space before the colon", POST + b"Transfer-Encoding : chunked\r\n\r\n" + END,
         "9112 5.1: 400")
_framing("Transfer-Encoding in a folded line",
         POST + b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n", "9112 5.2: 400, or unfold")

_chunks = _group("Chunks")
_chunks("size +4", CHUNKED + b"+4\r\nbody\r\n" + END, "9112 7.1: hexadecimal digits only")
_chunks("size -4", CHUNKED + b"-4\r\nbody\r\n" + END, "9112 7.1")
_chunks("size 0x4", CHUNKED + b"0x4\r\nbody\r\n" + END, "9112 7.1")
_chunks("size 1_0", CHUNKED + b"1_0\r\n0123456789abcdef\r\n" + END, "9112 7.1")
_chunks("space before the size", CHUNKED + b" 4\r\nbody\r\n" + END, "9112 7.1")
_chunks("space after the size", CHUNKED + b"4 \r\nbody\r\n" + END, "9112 7.1")
_chunks("space before an extension", CHUNKED + b"4 ;a\r\nbody\r\n" + END,
        "9112 7.1.1: bad white space, which others read as part of the size")
_chunks("no size", CHUNKED + b"\r\nbody\r\n" + END, "9112 7.1")
_chunks("size of 17 digits", CHUNKED + b"1" + b"0" * 15 + b"4\r\nbody\r\n" + END,
        "9112 7.1: no overflow")
_chunks("bare LF after the size", CHUNKED + b"4\nbody\r\n" + END, "9112 7.1, 2.2")
_chunks("bare LF in an extension", CHUNKED + b"4;a\nb\r\nbody\r\n" + END, "9112 7.1.1")
_chunks("bare CR in an extension", CHUNKED + b"4;a\rb\r\nbody\r\n" + END, "9112 2.2")
_chunks("more data than the size says", CHUNKED + b"4\r\nbodyX\r\n" + END, "9112 7.1")
_chunks("bare LF after the data", CHUNKED + b"4\r\nbody\n" + END, "9112 7.1")
_chunks("bare LF in the trailers", CHUNKED + b"0\r\nX: y\n\r\n", "9112 7.1.2, 2.2")

_lines = _group("Lines and fields")
_lines("bare LF as line end", b"GET / HTTP/1.1\nHost: a\n\n",
       "9112 2.2: may be accepted; readers before us may not have done so")
_lines("bare CR in a value", GET + b"X: a\rb\r\n\r\n", "9112 2.2: invalid, or replaced by SP")
_lines("CR CR LF", GET + b"X: a\r\r\n\r\n", "9112 2.2")
_lines("NUL in a value", GET + b"X: a\x00b\r\n\r\n", "9110 5.5")
_lines("VT in a value", GET + b"X: a\x0bb\r\n\r\n", "9110 5.5: invalid")
_lines("folded line", GET + b"X: a\r\n b\r\n\r\n", "9112 5.2: 400, or unfold")
_lines("white space before the first field", b"GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n",
       "9112 2.2: 400, or skip")
_lines("field without a colon", GET + b"X\r\n\r\n", "9112 5")
_lines("field without a name", GET + b": x\r\n\r\n", "9112 5")
_lines("field name with a parenthesis", GET + b"X(: y\r\n\r\n", "9110 5.6.2: a token")

_start = _group("Request line")
_start("two spaces", b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3: one SP")
_start("tab", b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3")
_start("space at the end", b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "9112 3")
_start("space in the target", b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3.2: 400")
_start("control character in the target", b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3.2")
_start("no target", b"GET HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3")
_start("method that is not a token", b"GE(T / HTTP/1.1\r\nHost: a\r\n\r\n", "9110 9.1")
_start("http/1.1 in lower case", b"GET / http/1.1\r\nHost: a\r\n\r\n", "9112 2.3: case matters")
_start("HTTP/2.0", b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "9110 15.6.6: 505")
_start("preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "9113 3.4")
_start("HTTP/0.9", b"GET /\r\n\r\n", "9112 A: no longer part of HTTP/1.1")
_start("path without a slash", b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", "9112 3.2")

_host = _group("Host")
_host("no Host", b"GET / HTTP/1.1\r\n\r\n",
      "9112 3.2: 400. Before Tornado 6.5 only the service kit refuses it")
_host("two Hosts", GET + b"Host: b\r\n\r\n", "9112 3.2: 400")
_host("a list of Hosts", b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
      "9112 3.2: 400; two Hosts, joined by a proxy, look like this")
_host("Host with a path", b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "9110 7.2")
_host("Host with userinfo", b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", "9110 7.2")
_host("absolute-form with another Host", b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "9112 3.2.2 would ignore Host; a proxy may have decided by it")
_host("absolute-form with userinfo", b"GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "9110 4.2.4: an error")

_ends = _group("Ends")
_ends("client ends its side within the head", GET, "9112 8: incomplete", True)
_ends("client ends its side within the body", _length(b"9"), "9112 8: incomplete", True)
_ends("client ends its side within a chunk", CHUNKED + b"9\r\nbody", "9112 8: incomplete", True)
