# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import codecs
import gzip
import io
import os
import tarfile

import pytest

from waterspout._encoding.streamed_bodies import FILE_BYTES, WHOLE_BYTES, streamed_body
from waterspout.exceptions import BodyChanged, UnrewindableBodyError


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join("file"))


def written(path, data, mode="wb"):
    with io.open(path, mode) as target:
        target.write(data)
    return path


@pytest.mark.parametrize("size", [0, 1, FILE_BYTES - 1, FILE_BYTES, FILE_BYTES + 1, 200000])
def test_a_file_is_read_in_pieces(path, size):
    """From where it stands to its end."""
    with io.open(written(path, b"-" + b"a" * size), "rb") as source:
        source.seek(1)
        content = streamed_body(source)
        pieces = list(content.pieces())
    assert content.length == size
    assert b"".join(pieces) == b"a" * size
    assert all(0 < len(piece) <= FILE_BYTES for piece in pieces)


@pytest.mark.parametrize("size", [10, FILE_BYTES, FILE_BYTES + 1, 3 * FILE_BYTES])
def test_a_file_that_grows_is_an_error_before_its_last_piece(path, size):
    """The server does not get what would be a whole request."""
    with io.open(written(path, b"a" * size), "rb") as source:
        content = streamed_body(source)
        written(path, b"b", "ab")
        sent = 0
        with pytest.raises(BodyChanged) as caught:
            for piece in content.pieces():
                sent += len(piece)
    assert sent < size
    assert "longer" in str(caught.value)


@pytest.mark.parametrize("size, left", [(10, 9), (10, 0), (FILE_BYTES * 2, FILE_BYTES)])
def test_a_file_that_shrinks_is_an_error(path, size, left):
    """It never had as many bytes as were announced."""
    with io.open(written(path, b"a" * size), "rb", buffering=0) as source:
        content = streamed_body(source)
        os.truncate(path, left) if hasattr(os, "truncate") else written(path, b"a" * left)
        with pytest.raises(BodyChanged) as caught:
            list(content.pieces())
    assert "only %d" % left in str(caught.value)


def test_small_text_is_encoded_at_once(path):
    """As UTF-8, from where it stands: its length is known."""
    with io.open(written(path, u"aé中".encode("utf-8")), encoding="utf-8") as source:
        source.read(1)
        assert streamed_body(source) == u"é中".encode("utf-8")


@pytest.mark.parametrize("more", [0, 1])
def test_large_text_is_sent_as_it_is_read(path, more):
    """Of a length that is not known; from its place again."""
    text = u"a" * (WHOLE_BYTES - 2) + u"é" + u"b" * more
    with io.open(written(path, b"-" + text.encode("utf-8")), encoding="utf-8") as source:
        source.read(1)
        content = streamed_body(source)
        if not more:
            assert content == text.encode("utf-8")
            return
        assert content.length is None
        assert b"".join(content.pieces()) == text.encode("utf-8")
        content.rewind()
        assert b"".join(content.pieces()) == text.encode("utf-8")


def test_text_that_cannot_seek_is_not_waited_for():
    """A pipe may give its end late."""
    reading, writing = os.pipe()
    with io.open(reading, encoding="utf-8") as source, io.open(writing, "w") as target:
        content = streamed_body(source)
        assert content.length is None
        target.write(u"text")
        target.close()
        assert b"".join(content.pieces()) == b"text"


@pytest.mark.parametrize("read", [0, 1, 20], ids="{}_lines".format)
def test_a_codecs_reader_is_sent_from_its_position(path, read):
    """It reads ahead and does not tell: what it has read is not lost."""
    lines = [u"line %d \xe9\n" % number for number in range(1000)]
    written(path, u"".join(lines).encode("utf-8"))
    with codecs.open(path, "r", "utf-8") as source:
        for _ in range(read):
            source.readline()
        content = streamed_body(source)
        sent = content if isinstance(content, bytes) else b"".join(content.pieces())
    assert sent.decode("utf-8") == u"".join(lines[read:])


def test_a_file_that_is_recoded_is_sent_as_it_is_read(path):
    """What it holds is not as long as what it gives."""
    with io.open(written(path, u"\xe9".encode("latin-1") * 1000), "rb") as source:
        content = streamed_body(codecs.EncodedFile(source, "utf-8", "latin-1"))
        assert content.length is None
        assert b"".join(content.pieces()) == u"\xe9".encode("utf-8") * 1000


@pytest.mark.parametrize("opener", [open, io.open], ids=["open", "io.open"])
@pytest.mark.parametrize("mode", ["r", "rb"])
def test_a_file_that_was_iterated_is_sent_from_the_next_line_on(path, opener, mode):
    """It is sent from the next line on; 2.7 has read ahead, and refuses to be read."""
    written(path, b"".join(b"line %d\n" % number for number in range(1000)))
    with opener(path, mode) as source:
        assert next(source).strip() in (u"line 0", b"line 0")
        try:
            content = streamed_body(source)
            sent = content if isinstance(content, bytes) else b"".join(content.pieces())
        except ValueError as error:
            assert opener is not io.open and "would lose data" in str(error)
        else:
            assert sent.startswith(b"line 1\n") and sent.endswith(b"line 999\n")


def test_a_compressed_file_is_sent_as_what_it_holds(path):
    """Its length is found where the module can, and never that of the compressed bytes."""
    with gzip.open(path, "wb") as target:
        target.write(b"a" * 1000)
    with gzip.open(path, "rb") as source:
        content = streamed_body(source)
        assert content.length in (None, 1000)
        assert b"".join(content.pieces()) == b"a" * 1000


def test_a_closed_file_is_not_sent_again(path):
    """The error is UnrewindableBodyError."""
    with io.open(written(path, b"a"), "rb") as source:
        content = streamed_body(source)
    with pytest.raises(UnrewindableBodyError):
        content.rewind()


def test_an_iterator_is_not_sent_again():
    """What was taken from it is gone."""
    content = streamed_body(iter([b"a"]))
    assert content.length is None
    with pytest.raises(UnrewindableBodyError):
        content.rewind()


class Stuck(io.BytesIO):
    """Says where it stands, or not, and cannot go anywhere else."""

    def __init__(self, data, error):
        super(Stuck, self).__init__(data)
        self._error = error

    def tell(self):
        if self._error is None:
            return 0
        raise self._error

    def seek(self, *args):
        raise OSError()


@pytest.mark.parametrize("error", [None, IOError(), OSError()], ids=repr)
def test_a_file_that_cannot_tell_or_seek_has_no_length_and_is_sent_once(error):
    """The number of bytes left is unknown."""
    content = streamed_body(Stuck(b"data", error))
    assert content.length is None
    assert b"".join(content.pieces()) == b"data"
    with pytest.raises(UnrewindableBodyError):
        content.rewind()


def test_a_member_of_an_archive_is_a_file(tmpdir, path):
    """With its own length, not the archive's."""
    archive = str(tmpdir.join("archive.tar"))
    with tarfile.open(archive, "w") as target:
        target.add(written(path, b"Test"), arcname="member")
    with tarfile.open(archive) as source:
        content = streamed_body(source.extractfile("member"))
        assert content.length == 4
        assert b"".join(content.pieces()) == b"Test"
