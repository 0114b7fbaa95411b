"""Bodies in memory that are neither bytes nor text: sent as the bytes they hold."""

from __future__ import absolute_import, division, print_function

import array
import ctypes
import mmap

import pytest
from raw_server import answering, response

import waterspout

BYTES = b"\x00\x01caf\xe9" * 3


def mapped(content):
    memory = mmap.mmap(-1, len(content))
    memory.write(content)
    memory.seek(0)
    return memory


#: name: (what is given, the bytes it holds)
BUFFERS = {
    "bytearray": lambda: (bytearray(BYTES), BYTES),
    "memoryview": lambda: (memoryview(BYTES), BYTES),
    "memoryview of a bytearray": lambda: (memoryview(bytearray(BYTES)), BYTES),
    "memoryview slice": lambda: (memoryview(BYTES)[2:5], BYTES[2:5]),
    "memoryview with steps": lambda: (memoryview(BYTES)[::2], BYTES[::2]),
    "array of bytes": lambda: (array.array("B", bytearray(BYTES)), BYTES),
    "array of integers": lambda: of_array(array.array("i", [1, -2, 3])),
    "array of floats": lambda: of_array(array.array("d", [1.5, -2.5])),
    "ctypes array": lambda: ((ctypes.c_char * len(BYTES))(*BYTES_ONE_BY_ONE), BYTES),
    "mmap": lambda: (mapped(BYTES), BYTES),
}

BYTES_ONE_BY_ONE = [BYTES[at:at + 1] for at in range(len(BYTES))]


def of_array(values):
    return values, values.tostring() if str is bytes else values.tobytes()


@pytest.mark.parametrize("kind", sorted(BUFFERS))
@pytest.mark.parametrize("keyword", ["data", "files"])
def test_a_buffer_is_sent_as_its_bytes(serve, client, kind, keyword):
    """All of them, with their length, and what was given is not changed."""
    try:
        given, content = BUFFERS[kind]()
    except NotImplementedError:
        pytest.skip("py2: no slices with steps")
    server = serve(answering(response(b"ok")))
    client.post(server.url(), **{keyword: given if keyword == "data" else {"f": ("n", given)}})
    (request,) = server.received
    assert "content-length" in dict(request.headers)
    if keyword == "data":
        assert request.body == content
        assert "content-type" not in dict(request.headers)
    else:
        assert b"\r\n\r\n" + content + b"\r\n--" in request.body


@pytest.mark.parametrize("empty", [bytearray(), memoryview(b""), array.array("i")],
                         ids=["bytearray", "memoryview", "array"])
def test_an_empty_buffer_is_as_good_as_no_data(serve, client, empty):
    """As empty bytes are: json= counts."""
    server = serve(answering(response(b"ok")))
    client.post(server.url(), data=empty)
    client.post(server.url(), data=empty, json={"a": 1})
    assert [request.body for request in server.received] == [b"", b'{"a": 1}']


def test_a_prepared_request_takes_a_buffer(serve, client):
    """As its body, set by hand."""
    server = serve(answering(response(b"ok")))
    request = waterspout.Request("POST", server.url()).prepare()
    request.body = memoryview(b"abc")
    client.run(lambda: client.session.send(request))
    (received,) = server.received
    assert (received.body, dict(received.headers)["content-length"]) == (b"abc", "3")


@pytest.mark.parametrize("piece, named", [
    (array.array("i", [1]), "array"), (5, "int"), (u"text", "unicode" if str is bytes else "str"),
])
def test_an_iterator_of_other_types_is_refused(serve, make_client, piece, named):
    """Pieces are bytes, bytearray or memoryview."""
    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)
    with pytest.raises((TypeError, waterspout.exceptions.Unsupported)) as caught:
        client.post(server.url(), data=iter([b"abc", piece]))
    assert named in str(caught.value)


@pytest.mark.parametrize("piece", [bytearray(b"abc"), memoryview(b"abc")], ids=["array", "view"])
def test_an_iterator_of_buffers_is_sent(serve, client, piece):
    """As one of bytes is."""
    server = serve(answering(response(b"ok")))
    client.post(server.url(), data=iter([b"1", piece]))
    assert server.received[0].body == b"1abc"
