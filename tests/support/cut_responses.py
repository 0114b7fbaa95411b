"""Responses that stop in the middle, by where they do."""

from __future__ import absolute_import, division, print_function

IN_HEAD = {
    "before the head": b"",
    "in the head": b"HTTP/1.1 200 OK\r\nContent-",
}

IN_BODY = {
    "before the body": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    "in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
    "before a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "after a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
}

#: Without a length or chunks, a body ends with its connection.
IN_BODY_TO_THE_END = {"in a body without a length": b"HTTP/1.1 200 OK\r\n\r\nab"}

ANYWHERE = dict(IN_HEAD, **dict(IN_BODY, **IN_BODY_TO_THE_END))
