"""An import of the largest size and an answer of the same size do not block others.

The turns in which bodies come from sockets and go to them count, so gateway and CMDB have some.
"""

from __future__ import absolute_import, division, print_function

import gc
import json
import socket
import struct
import threading

import pytest
from longest_turn import LongestTurn
from raw_server import PATIENCE
from served_app import ServedApp
from tornado.ioloop import IOLoop

from waterspout import service
from waterspout._compat import PY2
from waterspout_cmdb.gateway.app import make_app
from waterspout_cmdb.sdk import CMDBSDK

pytestmark = pytest.mark.slow

#: Seconds of CPU that one thing may take at a time.
LONGEST = 0.1 if PY2 else 0.05


def rows(count=62000):
    memo = b"x" * 100
    return b",".join(b'{"name":"host-' + str(n).encode() + b'","cpu":4,"memo":"' + memo
                     + b'","tags":["a","b"]}' for n in range(count))


SHAPES = {
    "rows": lambda: b'{"keys":["name"],"datas":[' + rows() + b"]}",
    "one-digit integers": lambda: b'{"datas":[' + b"1," * 2000000 + b"1]}",
    "names": lambda: b'{"datas":{' + b",".join(
        b'"' + str(n).encode() + b'":1' for n in range(400000)) + b"}}",
    "empty lists": lambda: b'{"datas":[' + b"[]," * 1300000 + b"[]]}",
    "one string": lambda: b'{"datas":"' + b"\\n" * 2000000 + b'"}',
    "white space": lambda: b'{"datas":' + b" \n" * 4800000 + b"[]}",
    "an error at the end": lambda: b'{"keys":["name"],"datas":[' + rows(20000) + b"]]}",
    "bytes that are no text": lambda: b'{"keys":["name"],"datas":[' + rows(20000) + b'"\xff"]}',
}


class CMDB(service.JSONHandler):
    """Answers with what it got."""

    json_object_type = None

    def post(self, object_id):
        self.write(b'{"code":0,"error":"","message":"","data":' + self.body + b"}")


class Watched(service.JSONHandler):
    """Says how long the longest turn was since this was asked last."""

    watch = None

    def get(self):
        if Watched.watch is not None:
            Watched.watch.stop()
            self.write_json(Watched.watch.seconds)
        else:
            self.write_json(0)
        Watched.watch = LongestTurn(IOLoop.current())


@pytest.fixture(scope="module")
def gateway():
    routes = [(r"/object/([^/]+)/instance/_import", CMDB)]
    with ServedApp(lambda: service.Application(routes, max_body_bytes=32 << 20)) as cmdb:

        def make():
            app = make_app(CMDBSDK("127.0.0.1:%d" % cmdb.port, 1, timeout=PATIENCE))
            app.add_handlers(".*", [("/watch", Watched)])
            return app

        with ServedApp(make) as served:
            yield served
    gc.collect()  # It was put off, and takes long in the process of all tests: not in the next one.


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_large_bodies_do_not_block_the_loop(gateway, shape):
    """Decoding, encoding, sending, and the same for the answer, with the garbage collector on."""
    body = SHAPES[shape]()
    try:
        sent = json.loads(body.decode("utf-8"))
    except ValueError:
        sent = None
    for _ in range(3):  # What else the machine does costs CPU time too, now and then.
        gc.collect()  # The heap of all tests is large: none of its collections is due soon.
        with gateway.connect() as watching, gateway.connect() as importing:
            watching.get("/watch")
            answer = importing.post("/cmdb/import/HOST", body)
            seconds = watching.get("/watch").json
        assert answer.status == (400 if sent is None else 200)
        assert sent is None or answer.json["data"]["data"] == sent
        if seconds < LONGEST:
            return
    raise AssertionError("a turn of %.3f s" % seconds)


def test_others_are_answered_while_an_import_runs(gateway):
    """Many requests, on another connection."""
    body = b'{"datas":[' + rows() + b"]}"
    answers = []
    with gateway.connect() as importing, gateway.connect() as asking:
        thread = threading.Thread(
            target=lambda: answers.append(importing.post("/cmdb/import/HOST", body)))
        thread.start()
        asked = 0
        while thread.is_alive():
            assert asking.get("/nothing").status == 404
            asked += 1
        thread.join()
    assert answers[0].status == 200
    assert asked > 20  # At once it would be two or three.


def test_reset_of_the_client_ends_the_decoding(gateway):
    """Its handler does not run, and no request stays in flight.

    A client that only ends its side may still read, so that its request goes on.
    """
    body = SHAPES["rows"]()
    with gateway.connect() as importing:
        importing.send(b"POST /cmdb/import/HOST HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\n"
                       .replace(b"%s", str(len(body)).encode()) + body)
        importing.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with gateway.connect() as asking:
        for _ in range(2000):
            asking.get("/nothing")
            if gateway.application.requests_in_flight <= 1:
                break
        assert gateway.application.requests_in_flight <= 1
