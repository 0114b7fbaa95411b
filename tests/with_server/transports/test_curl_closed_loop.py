"""Descriptors that belong to libcurl are closed by libcurl alone."""

from __future__ import absolute_import, division, print_function

import gc
import os
import socket
import warnings

import pytest
from tornado import gen
from tornado.ioloop import IOLoop

import waterspout


@pytest.fixture
def silent_server():
    """A port that accepts connections, and never answers."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(5)
    yield listener
    listener.close()


def test_a_loop_closed_with_its_descriptors_leaves_those_of_libcurl_alone(silent_server):
    """As AsyncTestCase closes it. Closed twice, a number may be another file's by then."""
    pytest.importorskip("pycurl")
    io_loop = IOLoop(make_current=False)
    session = waterspout.Session(transport="curl")

    @gen.coroutine
    def begin():
        call = session.get("http://127.0.0.1:%d/" % silent_server.getsockname()[1])
        silent_server.settimeout(10)
        for _ in range(5):
            yield gen.moment
        raise gen.Return([call, silent_server.accept()[0]])

    kept = io_loop.run_sync(begin)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        io_loop.close(all_fds=True)
    files = [number for _ in range(20) for number in os.pipe()]
    try:
        session = kept[0] = None
        gc.collect()
        for number in files:
            os.fstat(number)  # Raises if it is closed.
    finally:
        for number in files:
            try:
                os.close(number)
            except OSError:
                pass
        kept[1].close()
