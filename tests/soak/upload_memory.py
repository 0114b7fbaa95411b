"""How many bytes a process grows by when it uploads a sparse file.

``python tests/soak/upload_memory.py pooled files 1073741824`` prints them, once the server has
counted every byte. The server is a process of its own.

Of 1 GiB, by ``files`` and by ``data``, on 2.7.18 and 3.11.7: pooled 128 KiB, tornado 0 to 256,
curl 128 to 256, threads 256 to 384.
"""

from __future__ import absolute_import, division, print_function

import functools
import os
import resource
import socket
import sys
import tempfile

from tornado.ioloop import IOLoop

import waterspout


def serve(listener):
    """Answer two requests, on a connection each or on one, with the sizes of their bodies."""
    for _ in range(2):
        peer, _ = listener.accept()
        data = b""
        while b"\r\n\r\n" not in data:
            data += peer.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        count = len(body)
        while count < length:
            count += len(peer.recv(1024 * 1024))
        answer = str(count).encode("ascii")
        peer.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                     % (len(answer), answer))
        peer.close()


def grown(transport, keyword, size):
    """The growth of this process's high-water mark, in bytes."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(2)
    server = os.fork()
    if server == 0:
        serve(listener)
        os._exit(0)
    url = "http://127.0.0.1:%d/" % listener.getsockname()[1]
    session = waterspout.Session(transport=transport, timeout=60)
    with tempfile.TemporaryFile() as upload:
        before = None
        for length in (1024, size):  # The first call imports and connects.
            upload.truncate(length)
            upload.seek(0)
            body = upload if keyword == "data" else {"f": ("n", upload)}
            call = functools.partial(session.post, url, **{keyword: body})
            response = IOLoop.current().run_sync(call)
            assert int(response.text) >= length
            before = before or peak()
    os.waitpid(server, 0)
    return peak() - before


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    print(grown(sys.argv[1], sys.argv[2], int(sys.argv[3])))
