"""The streaming parser of multipart bodies: any cut gives the same, and the limits hold."""

from __future__ import absolute_import, division, print_function

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waterspout_cmdb.gateway.jobs.uploading.content_type import form_boundary
from waterspout_cmdb.gateway.jobs.uploading.multipart import END, MultipartParser
from waterspout_cmdb.gateway.jobs.uploading.part_head import BadMultipart, PartHead
from waterspout_cmdb.gateway.jobs.uploading.upload_form import MAX_FIELD_BYTES, UploadForm

BOUNDARY = b"x-1"


def part(content, disposition=b'form-data; name="a"', more=b""):
    return (b"--x-1\r\nContent-Disposition: " + disposition + b"\r\n" + more + b"\r\n" + content
            + b"\r\n")


def parsed(pieces, **limits):
    """[(name, filename, content)] of a body in these pieces; or the text of the error."""
    parser, parts = MultipartParser(BOUNDARY, **limits), []
    try:
        for piece in pieces:
            for event in parser.feed(piece):
                if isinstance(event, PartHead):
                    parts.append([event.name, event.filename, b""])
                elif event is END:
                    parts[-1] = tuple(parts[-1])
                else:
                    assert event, "no event for nothing"
                    parts[-1][2] += event
        parser.close()
    except BadMultipart as error:
        return str(error)
    return parts


def cut(body, places):
    places = [0] + sorted(place % (len(body) + 1) for place in places) + [len(body)]
    return [body[begin:end] for begin, end in zip(places, places[1:])]


CONTENTS = st.lists(st.sampled_from(
    [b"a", b"\r", b"\n", b"\r\n", b"-", b"--", b"\r\n--x", b"\r\n--x-", b"\0", b"x-1"]),
    max_size=12)


@settings(deadline=None)
@given(st.lists(CONTENTS.map(b"".join), max_size=4), st.lists(st.integers(0, 10000), max_size=9))
def test_any_cut_gives_the_contents_that_were_sent(contents, places):
    """Also contents that look like the beginning of a boundary."""
    contents = [each for each in contents if b"\r\n--x-1" not in b"\r\n" + each]
    body = b"".join(map(part, contents)) + b"--x-1--\r\n"
    expected = [(u"a", None, each) for each in contents]
    assert parsed([body]) == expected
    assert parsed(cut(body, places)) == expected
    assert parsed([body[at:at + 1] for at in range(len(body))]) == expected


PIECES = st.sampled_from([
    b"--x-1", b"\r\n", b"--x-1\r\n", b"--", b"-", b"\r", b"\n", b" ", b"\t", b"a", b":", b";", b"=",
    b'Content-Disposition: form-data; name="a"', b'; filename="f"', b"Content-Type: text/csv",
    b"\xff", b"\0", b'"', b"\\", part(b"1"), b"--x-1--"])


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=12).map(b"".join), st.lists(st.integers(0, 10000), max_size=9))
def test_any_cut_of_any_bytes_gives_the_same(body, places):
    """The same parts, or the same error."""
    whole = parsed([body])
    assert parsed(cut(body, places)) == whole
    assert parsed([body[at:at + 1] for at in range(len(body))]) == whole


def test_a_preamble_and_an_epilogue_are_passed_over():
    """RFC 2046 section 5.1.1; blanks may follow a boundary."""
    body = b"for old readers\r\n" + part(b"1").replace(b"--x-1", b"--x-1 \t", 1) + (
        b"--x-1--\r\n" + part(b"2"))
    assert parsed([body]) == [(u"a", None, b"1")]


@pytest.mark.parametrize("disposition, filename", [
    (b'form-data; name="a"; filename="hosts.csv"', u"hosts.csv"),
    (b'FORM-DATA;NAME=a;FileName=hosts.csv', u"hosts.csv"),
    (b'form-data; name="a"; filename="a;b=\\"c\\".csv"', u'a;b="c".csv'),
    (b'form-data; name="a"; filename="C:\\\\d\\x.csv"', u"C:\\\\d\\x.csv"),
    (b'form-data; name="a"; filename="../../etc/passwd"', u"../../etc/passwd"),
    (b'form-data; name="a"; filename=""', u""),
    (u'form-data; name="a"; filename="\u4e3b\u673a.csv"'.encode("utf-8"), u"\u4e3b\u673a.csv"),
    (b'form-data; name="a"; filename="\xff.csv"', u"\ufffd.csv"),
])
def test_file_names_are_told_as_they_came(disposition, filename):
    """They are for people; no path is made of them."""
    assert parsed([part(b"1", disposition) + b"--x-1--"]) == [(u"a", filename, b"1")]


END_OF_BODY = b"--x-1--\r\n"


@pytest.mark.parametrize("body, reason", [
    (b"", "cut off"), (b"--x-1", "cut off"), (part(b"1"), "cut off"),
    (part(b"1") + b"--x-1", "cut off"), (part(b"1") + b"--x-1-", "cut off"),
    (part(b"1") + b"--x-12\r\n", "goes on after"), (b"--x-1\n", "goes on after"),
    (b"x" * 9000, "no part begins"), (b"--x-1" + b" " * 100, "goes on after"),
    (b"--x-1\r\n\r\n1\r\n" + END_OF_BODY, "Content-Disposition"),
    (part(b"1", b"attachment; name=a") + END_OF_BODY, "Content-Disposition"),
    (part(b"1", b"form-data; filename=a") + END_OF_BODY, "Content-Disposition"),
    (part(b"1", b"form-data; name=a; name=b") + END_OF_BODY, "twice"),
    (part(b"1", b'form-data; name="a') + END_OF_BODY, "not valid"),
    (part(b"1", b'form-data; name="a" b') + END_OF_BODY, "not valid"),
    (part(b"1", b"form-data; name=a\0") + END_OF_BODY, "not valid"),
    (part(b"1", more=b"no colon\r\n") + END_OF_BODY, "not valid"),
    (part(b"1", more=b" folded: x\r\n") + END_OF_BODY, "not valid"),
    (part(b"1", more=b"A: 1\nB: 2\r\n") + END_OF_BODY, "not valid"),
    (part(b"1", more=b"Content-Disposition: form-data; name=b\r\n") + END_OF_BODY, "twice"),
    (part(b"1", more=b"Content-Transfer-Encoding: base64\r\n") + END_OF_BODY, "as it is"),
    (part(b"1", more=b"Content-Type: multipart/mixed\r\n") + END_OF_BODY, "one file"),
    (part(b"1", more=b"A: " + b"x" * 9000 + b"\r\n") + END_OF_BODY, "more than 8192 bytes"),
    (b"--x-1\r\nA: " + b"x" * 9000, "more than 8192 bytes"),
    (part(b"1") * 65 + END_OF_BODY, "more than 64 parts"),
])
def test_what_is_not_valid_is_refused_with_the_reason(body, reason):
    """In one piece, and byte by byte."""
    assert reason in parsed([body])
    assert parsed([body[at:at + 1] for at in range(len(body))]) == parsed([body])


@pytest.mark.parametrize("length", range(20, 40))
def test_the_limits_do_not_depend_on_the_cut(length):
    """They count what was sent, not what has arrived."""
    for body in (part(b"1", b"form-data; name=" + b"a" * length),
                 b"x" * length + b"\r\n" + part(b"")):
        pieces = [body[at:at + 1] for at in range(len(body))] + [END_OF_BODY]
        for limit in (30, 70):
            assert parsed(pieces, max_header_bytes=limit) == parsed(
                [body + END_OF_BODY], max_header_bytes=limit)


@pytest.mark.parametrize("content_type, boundary", [
    ("multipart/form-data; boundary=abc", b"abc"), ('Multipart/Form-Data;Boundary="a b"', b"a b"),
    ("text/csv", None), ("", None), ("application/x-www-form-urlencoded", None),
    ("text/csv; charset=\"x", None),
])
def test_the_content_type_says_whether_it_is_a_form(content_type, boundary):
    """What is no form is the file itself."""
    assert form_boundary(content_type) == boundary


@pytest.mark.parametrize("content_type", [
    "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=a",
    "multipart/form-data; boundary=" + "a" * 71, 'multipart/form-data; boundary="a "',
    "multipart/form-data; boundary=a; boundary=b", u"multipart/form-data; boundary=\u4e3b",
    "multipart/form-data; boundary=[a]",
])
def test_a_form_needs_a_boundary(content_type):
    """Of RFC 2046, once."""
    with pytest.raises(BadMultipart):
        form_boundary(content_type)


def form_of(*parts):
    form = UploadForm(BOUNDARY)
    content = b"".join(form.feed(each) for each in parts + (END_OF_BODY,))
    form.close()
    return form, content


FILE = part(b"name\nweb-1\n", b'form-data; name="f"; filename="h.csv"')


def test_a_form_is_one_file_and_fields():
    """In any order."""
    form, content = form_of(
        part(b"name", b'form-data; name="key"'), FILE,
        part(u"\u540d=name".encode("utf-8"), b'form-data; name="map"'),
        part(b"", b"form-data; name=x"))
    assert (content, form.filename) == (b"name\nweb-1\n", u"h.csv")
    assert form.fields == [(u"key", u"name"), (u"map", u"\u540d=name"), (u"x", u"")]


def test_the_part_named_file_is_the_file_without_a_file_name():
    """Programs that make forms themselves leave it out."""
    form, content = form_of(part(b"1", b"form-data; name=file"))
    assert (content, form.filename, form.fields) == (b"1", None, [])


@pytest.mark.parametrize("parts, reason", [
    ([FILE, FILE], "more than one file"), ([part(b"1")], "no file"), ([], "no file"),
    ([FILE, part(b"x" * (MAX_FIELD_BYTES + 1))], "more than 65536 bytes"),
    ([FILE, part(b"\xff")], "not UTF-8"),
])
def test_forms_with_too_little_or_too_much(parts, reason):
    """The reason is for the client."""
    with pytest.raises(BadMultipart, match=reason):
        form_of(*parts)
