# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import io

import pytest

from waterspout._encoding.multipart import MultipartBody, encode_multipart
from waterspout.exceptions import InvalidHeader, UnrewindableBodyError, Unsupported


def encoded(files, data=None):
    """The body, however it is given, without the lines that are always there."""
    body, content_type = encode_multipart(data, files, boundary=b"B")
    assert content_type == "multipart/form-data; boundary=B"
    if isinstance(body, MultipartBody):
        pieces = b"".join(body.pieces())
        assert body.length in (None, len(pieces))
        body = pieces
    return body


def test_fields_come_before_files_in_a_form():
    """In their order, each field's values one after the other."""
    body = encoded({"f": ("n", b"2")}, data=[("a", "1"), ("b", [u"x", None, 3])])
    assert body == (
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
        b'--B\r\nContent-Disposition: form-data; name="b"\r\n\r\nx\r\n'
        b'--B\r\nContent-Disposition: form-data; name="b"\r\n\r\n3\r\n'
        b'--B\r\nContent-Disposition: form-data; name="f"; filename="n"\r\n\r\n2\r\n--B--\r\n')


def test_a_form_of_bytes_is_encoded_at_once():
    """Nothing is left to be read: it can be sent again, signed and measured."""
    assert isinstance(encode_multipart(None, {"f": b"1"})[0], bytes)
    assert isinstance(encode_multipart(None, {"f": io.BytesIO(b"1")})[0], MultipartBody)


def test_each_form_has_another_boundary():
    """The author of a part's content cannot know it."""
    assert encode_multipart(None, {"f": b"1"})[1] != encode_multipart(None, {"f": b"1"})[1]


@pytest.mark.parametrize("name", [
    u'a"; filename="evil', u"a\r\nContent-Type: text/html\r\n\r\nevil", u"a\nb", u"a\rb",
    u"a\x00b", u"a\x0bb", u"a\x0cb", u"a\x1cb", u"a\x7fb",
])
@pytest.mark.parametrize("place", ["field", "file's field", "file"])
def test_quotes_and_line_breaks_in_a_name_are_escaped(name, place):
    """A quote or control character in a name is escaped: it ends neither name nor line."""
    if place == "field":
        body = encoded({"f": b""}, data={name: "1"})
    else:
        body = encoded({name: ("n", b"")} if place != "file" else {"f": (name, b"")})
    head = body.partition(b"\r\n\r\n")[0]
    (line,) = head.split(b"\r\n")[1:]
    assert line.count(b'"') in (2, 4)
    assert not any(byte < 32 or byte == 127 for byte in bytearray(line))
    assert (u"%%%02X" % ord(next(each for each in name if each in u'"\r\n\x00\x0b\x0c\x1c\x7f'))
            ).encode("ascii") in line


@pytest.mark.parametrize("headers", [
    {"X-A": "a\r\nX-B: b"}, {"X-A": "a\nb"}, {"X-A\r\nX-B": "b"}, {"X A": "b"}, {"X:": "b"},
    {"X-A": u"a\x00"}, {"": "a"},
], ids=repr)
def test_header_fields_of_a_part_are_checked(headers):
    """What would end the field and begin another is refused."""
    with pytest.raises(InvalidHeader):
        encoded({"f": ("n", b"", "text/plain", headers)})


@pytest.mark.parametrize("content_type", ["text/plain\r\nX: y", "text/plain\n", u"a\x00"])
def test_content_type_of_a_part_is_checked(content_type):
    """It is a header field like any other."""
    with pytest.raises(InvalidHeader):
        encoded({"f": ("n", b"", content_type)})


def test_disposition_and_type_of_a_part_are_written_once():
    """Disposition and type follow from the tuple, whatever stands among the headers."""
    body = encoded({"f": ("n", b"", "text/plain", {"content-type": "x/y", "X-A": "b"})})
    assert body.count(b"ontent-") == 2
    assert b"Content-Type: text/plain\r\nX-A: b\r\n" in body


def test_names_of_parts_are_sent_as_utf_8():
    """As RFC 7578 section 5.1 recommends and browsers do."""
    assert u'name="é"; filename="中"'.encode("utf-8") in encoded({u"é": (u"中", b"")})
    assert b'filename="\xff"' in encoded({"f": (b"\xff", b"")})


@pytest.mark.parametrize("files", [
    {"f": ("n",)}, {"f": ("n", b"", "t", {}, 5)}, {"f": object()}, {"f": ("n", iter([b""]))},
    "text", [("a", "b", "c")], ["a"],
], ids=repr)
def test_a_value_that_is_not_a_file_is_refused(files):
    """At once, with the name of the field where there is one."""
    with pytest.raises(ValueError):
        encode_multipart(None, files)


@pytest.mark.parametrize("data", [iter([b"a"]), io.BytesIO(b"a")])
def test_data_that_is_not_fields_is_refused_beside_files(data):
    """data= is fields there; requests raises NotImplementedError as well."""
    with pytest.raises(Unsupported):
        encode_multipart(data, {"f": b""})
    with pytest.raises(ValueError):
        encode_multipart("text", {"f": b""})


def test_files_of_a_form_are_rewound_to_where_they_began():
    """Each of them, to where it stood."""
    one, two = io.BytesIO(b"0123"), io.BytesIO(b"4567")
    one.seek(2)
    body = encode_multipart(None, [("a", one), ("b", two)], boundary=b"B")[0]
    first = b"".join(body.pieces())
    assert b"23" in first and b"01" not in first
    body.rewind()
    assert b"".join(body.pieces()) == first


def test_a_file_that_cannot_seek_is_not_sent_again():
    """Its length is unknown, too."""
    body = encode_multipart(None, {"a": Pipe(b"abc")}, boundary=b"B")[0]
    assert body.length is None
    assert b"abc" in b"".join(body.pieces())
    with pytest.raises(UnrewindableBodyError):
        body.rewind()


class Pipe(object):
    def __init__(self, data):
        self.read = io.BytesIO(data).read
