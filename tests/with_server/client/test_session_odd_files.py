"""Files whose size is not what they hold: all of it arrives, or the call fails and says why."""

from __future__ import absolute_import, division, print_function

import io
import os
import threading

import pytest
from raw_server import answering, response

from waterspout._encoding.streamed_bodies import streamed_body
from waterspout.exceptions import BodyChanged

#: Files of the kernel's, whose content is made while they are read. Those under /proc are of
#: 0 bytes to os.stat and seek(), or cannot seek to their end; those under /sys are of 4096.
KERNEL_FILES = [path for path in (
    "/proc/self/environ",
    "/proc/sys/kernel/hostname",
    "/proc/filesystems",
    "/proc/version",
    "/sys/devices/system/cpu/online",
    "/sys/kernel/mm/transparent_hugepage/enabled",
) if os.access(path, os.R_OK)]

#: Text that is longer as UTF-8 than in characters.
TEXT = u"caf\xe9 \u4e2d\n"


@pytest.fixture(params=["data", "files"])
def keyword(request):
    return request.param


@pytest.fixture
def send(serve, client, keyword):
    """Send one file by ``data=`` or ``files=``: how it was framed, and the file's bytes."""
    server = serve(answering(response(b"ok")))

    def call(source):
        given = source if keyword == "data" else {"f": ("n", source)}
        client.post(server.url(), **{keyword: given})
        (request,) = server.received
        assert client.get(server.url("/next")).content == b"ok"  # The connection is in order.
        (framing,) = [name if name == "content-length" else value for name, value in
                      request.headers if name in ("content-length", "transfer-encoding")]
        if keyword == "data":
            return framing, request.body
        return framing, request.body.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0]

    return call


def read(path):
    with io.open(path, "rb") as source:
        return source.read()


@pytest.mark.parametrize("path", KERNEL_FILES)
@pytest.mark.parametrize("opener", [open, io.open], ids=["open", "io.open"])
def test_a_file_of_the_kernel_arrives_whole(send, keyword, path, opener):
    """In chunks as a body, read first in a form; whatever size it claims."""
    with opener(path, "rb") as source:
        framing, body = send(source)
    assert body and body == read(path)
    assert framing == ("chunked" if keyword == "data" else "content-length")


def test_a_file_of_the_kernel_is_read_from_where_it_stands(send):
    """As any other file is."""
    path = "/proc/self/environ"
    if path not in KERNEL_FILES:
        pytest.skip("there is no /proc")
    with io.open(path, "rb") as source:
        source.seek(3)
        assert send(source)[1] == read(path)[3:]


def test_an_unbuffered_file_of_the_kernel_arrives_whole(send):
    """Each read of it is one of the kernel's."""
    path = "/sys/devices/system/cpu/online"
    if path not in KERNEL_FILES:
        pytest.skip("there is no /sys")
    with io.open(path, "rb", buffering=0) as source:
        assert send(source)[1] == read(path)


def test_a_named_pipe_arrives_whole(send, tmpdir):
    """In chunks: its end is known when it comes."""
    path = str(tmpdir.join("pipe"))
    os.mkfifo(path)

    def write():
        with io.open(path, "wb") as target:
            target.write(b"through a pipe")

    writer = threading.Thread(target=write)
    writer.start()
    with io.open(path, "rb") as source:
        assert send(source) == ("chunked", b"through a pipe")
    writer.join()


@pytest.mark.parametrize("content, start, sent", [
    (b"0123456789", 4, b"456789"),
    (b"0123456789", 10, b""),
    (b"0123456789", 15, b""),
    (b"", 0, b""),
])
def test_a_file_is_sent_from_where_it_stands(send, tmpdir, content, start, sent):
    """With the length of what is left; nothing left is an empty body, which needs no chunks."""
    path = tmpdir.join("file")
    path.write_binary(content)
    with io.open(str(path), "rb") as source:
        source.seek(start)
        assert send(source) == ("content-length", sent)


@pytest.mark.parametrize("count", [0, 3, 20000])
def test_a_small_text_file_has_a_length(send, tmpdir, count):
    """It is encoded first: many servers, those of WSGI most of all, take no chunks."""
    path = str(tmpdir.join("text"))
    with io.open(path, "w", encoding="utf-16") as target:
        target.write(TEXT * count)
    with io.open(path, encoding="utf-16") as source:
        assert send(source) == ("content-length", (TEXT * count).encode("utf-8"))


def test_a_small_text_file_is_sent_from_where_it_stands(send, tmpdir):
    """In the middle of a line, too."""
    path = str(tmpdir.join("text"))
    with io.open(path, "w", encoding="utf-8") as target:
        target.write(TEXT * 2)
    with io.open(path, encoding="utf-8") as source:
        source.read(4)
        assert send(source)[1].decode("utf-8") == (TEXT * 2)[4:]


def test_a_large_text_file_is_sent_in_chunks(send, tmpdir):
    """More than 1 MiB is not held in memory."""
    path, text = str(tmpdir.join("text")), TEXT * 150000
    with io.open(path, "w", encoding="utf-8") as target:
        target.write(text)
    with io.open(path, encoding="utf-8") as source:
        framing, body = send(source)
    assert (framing, body == text.encode("utf-8")) == ("chunked", True)


class Says(object):
    """No file, but read like one, and of a length of its own."""

    def __init__(self, length, content):
        self.len = length
        self.read = io.BytesIO(content).read


def test_a_file_with_a_wrong_length_of_zero_is_sent_in_chunks(send):
    """What has a ``len`` of 0 and can be read is sent, in chunks."""
    assert send(Says(0, b"0123456789")) == ("chunked", b"0123456789")


class Understates(io.BytesIO):
    """Its end is before its content's."""

    def seek(self, offset, whence=os.SEEK_SET):
        if whence == os.SEEK_END:
            return io.BytesIO.seek(self, 3)
        return io.BytesIO.seek(self, offset, whence)


@pytest.mark.parametrize("source", [
    lambda: Says(3, b"0123456789"),
    lambda: Says(300000, b"0123456789"),
    lambda: Understates(b"0123456789"),
], ids=["says less", "says more", "ends before its end"])
def test_a_file_with_a_wrong_length_is_an_error(serve, make_client, keyword, source):
    """Nothing is cut off, and no request is whole that is not."""
    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)
    source = source()
    error = client.error_of("POST", server.url("/lies"), **{
        keyword: source if keyword == "data" else {"f": ("n", source)}})
    assert type(error) is BodyChanged
    client.wait_until_idle()
    assert client.get(server.url("/next")).content == b"ok"
    assert [request.target for request in server.received] == ["/next"]


def test_an_empty_file_that_grows_is_an_error():
    """What was announced is no length of 0 any more."""
    source = io.BytesIO()
    content = streamed_body(source)
    source.write(b"late")
    with pytest.raises(BodyChanged):
        list(content.pieces())


def test_a_non_blocking_pipe_without_bytes_is_an_error(serve, make_client, keyword):
    """It is not at its end: what comes later would be lost."""
    import fcntl

    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETFL, fcntl.fcntl(reading, fcntl.F_GETFL) | os.O_NONBLOCK)
    server, client = serve(answering(response(b"ok"))), make_client(timeout=5)
    try:
        with io.open(reading, "rb", buffering=0) as source:
            with pytest.raises(IOError) as caught:
                client.post(server.url(), **{
                    keyword: source if keyword == "data" else {"f": ("n", source)}})
    finally:
        os.close(writing)
    assert "non-blocking" in str(caught.value)
    client.wait_until_idle()
    assert server.received == []
