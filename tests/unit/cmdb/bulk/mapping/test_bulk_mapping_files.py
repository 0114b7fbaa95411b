# -*- coding: utf-8 -*-
"""Mappings in files and in options."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping import parse_entries, parse_entry, read_mapping

EXPECTED = {u"Host, name": u"name", u"\u5185\u5b58": u"memory"}


@pytest.mark.parametrize("text", [
    u'{"Host, name": "name", "\u5185\u5b58": "memory"}',
    u'Column,Attribute\r\n"Host, name",name\r\n\r\n\u5185\u5b58, memory\r\n',
    u'\ufeff"Host, name",name\n\u5185\u5b58,memory',
])
def test_files(tmp_path, text):
    """JSON or CSV, whatever the file's name."""
    path = tmp_path / "mapping"
    path.write_bytes(text.encode("utf-8"))
    assert read_mapping(str(path)) == EXPECTED


@pytest.mark.parametrize("data, error", [
    (b'{"a": 1}', "column a must have the name of an attribute, as text"),
    (b'{"a": "b"', "is not JSON"),
    (b"a,b,c\n", "line 1: write a column, a comma and an attribute"),
    (b"a\n", "line 1: write a column"),
    (b"a,b\na,c\n", "column a is said to be b and c"),
    (b'{"a": "b", "a": "c"}', "column a is said to be b and c"),
    (b'"a,b\n', "line 1"),
    (b"\xff\xfe", "is not in UTF-8"),
    (b"a\x00,b", "is neither JSON nor CSV"),
    (b"a" * (2 ** 20 + 1), "is larger than"),
    (b"{" * 100000, "is not JSON"),
    (b'{"a":' * 100000, "is not JSON"),
])
def test_files_that_are_wrong(tmp_path, data, error):
    """The error names the file and what is wrong."""
    path = tmp_path / "mapping"
    path.write_bytes(data)
    with pytest.raises(BulkError) as caught:
        read_mapping(str(path))
    assert error in str(caught.value) and str(path) in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    """It is told like other errors."""
    with pytest.raises(BulkError, match="cannot read the mapping file"):
        read_mapping(str(tmp_path / "none"))


def test_entries():
    """The last equals sign separates."""
    assert parse_entry(u"a=b = name ") == (u"a=b", u"name")
    assert parse_entries([u"Host=name", u"Cores=cpu"]) == {u"Host": u"name", u"Cores": u"cpu"}


@pytest.mark.parametrize("entry", [u"name", u"=name", u"Host=", u""])
def test_entries_that_are_wrong(entry):
    """The error has an example."""
    with pytest.raises(BulkError, match='as in "Host Name=name"'):
        parse_entry(entry)
