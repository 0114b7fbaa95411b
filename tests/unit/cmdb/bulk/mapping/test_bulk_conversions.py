# -*- coding: utf-8 -*-
"""Cells in the forms that people write become values; others are refused with what to write."""

from __future__ import absolute_import, division, print_function

import datetime

import pytest
from bulk_models import Refused, value_of

from waterspout_cmdb.bulk.mapping import shown


def check(name, cell, expected, **rules):
    value = value_of(name, cell, **rules)
    if isinstance(expected, Refused):
        assert isinstance(value, Refused) and expected.reason in value.reason, value
    else:
        assert (type(value), value) == (type(expected), expected)


@pytest.mark.parametrize("cell, expected", [
    (u"0012", u"0012"),
    (u"12345678901234567890123", u"12345678901234567890123"),
    (u"1e5", u"1e5"),
    (u" \u00e9\u00a0", u"\u00e9"),
    (u"e\u0301", u"e\u0301"),  # As written, not composed.
    (u"two\nlines\tand a tab", u"two\nlines\tand a tab"),
    (u"\U0001F600", u"\U0001F600"),
    (12, u"12"), (2.5, u"2.5"), (True, u"TRUE"), (datetime.date(2024, 2, 29), u"2024-02-29"),
    (u"'=1+1", u"=1+1"), (u"'-5", u"-5"), (u"'@a", u"@a"), (u"'quoted'", u"'quoted'"),
    (u"'", u"'"), (u"''=1", u"'=1"),
    (u"#1", u"#1"),
    (u"a\x00b", Refused(u"has the control character U+0000: take it out")),
    (u"a\x93b", Refused(u"was the file read in a wrong encoding?")),
    (u"\ud83d", Refused(u"has half a character, U+D83D")),
    ([u"a"], Refused(u"is a list or a map; a text is wanted")),
    (float("nan"), Refused(u"is not a number of JSON")),
])
def test_texts(cell, expected):
    """Texts stay as written; what no person can have meant is refused."""
    check("name", cell, expected)


@pytest.mark.parametrize("name", ["name", "cpu", "bought", "env", "tags", "extra"])
def test_errors_of_excel(name):
    """They are values of no type."""
    check(name, u"#N/A", Refused(u"is an error of Excel"))


@pytest.mark.parametrize("cell, expected", [
    (u"8", 8), (u" 8 ", 8), (u"+8", 8), (u"-8", -8), (u"\u22128", -8), (u"007", 7),
    (u"1,024", 1024), (u"3,000", 3000), (u"1 024", 1024), (u"1\u202f024", 1024), (u"1'024", 1024),
    (u"1,048,576", 1048576), (u"1.048.576", 1048576), (u"1,024.00", 1024), (u"1.024,00", 1024),
    (u"4.0", 4), (u"4,0", 4), (u"\uff11\uff12", 12), (4.0, 4), (8, 8),
    (u"9223372036854775807", 2 ** 63 - 1), (u"9007199254740993", 2 ** 53 + 1),
    (u"9007199254740993.0", 2 ** 53 + 1), (u"-9223372036854775808", -2 ** 63),
    (u"9223372036854775808", Refused(u"does not fit in 64 bits")),
    (u"1.024", Refused(u"may be 1024 or, with a decimal point, 1.024")),
    (u"3.5", Refused(u"it has decimals")), (u"3,5", Refused(u"it has decimals")),
    (u"1e3", Refused(u"exponent, which may hide lost digits")),
    (u"1,23E+05", Refused(u"exponent")),
    (u"16 GB", Refused(
        u"it has a unit or a word; write a number alone, in the unit of the attribute, for example "
        u"8")),
    (u"25%", Refused(
        u"it is a percentage; write a number alone, as the attribute counts it, for example 8")),
    (u"eight", Refused(u"is not a whole number; write for example 8")),
    (u"1,02", Refused(u"decimals")), (u"1,,024", Refused(u"not a whole number")),
    (u"\u0664", Refused(u"not a whole number")), (u"5\u00b2", Refused(u"not a whole number")),
    (u"1_000", Refused(u"not a whole number")), (u"0x10", Refused(u"not a whole number")),
    (u"9" * 5000, Refused(u"not a whole number")),
    (True, Refused(u"not a whole number")), (3.5, Refused(u"not a whole number")),
    (1e300, Refused(u"is rounded")), (float("inf"), Refused(u"not a whole number")),
    (datetime.date(2024, 2, 29), Refused(u"is the column formatted as a date?")),
    ([8], Refused(u"not a whole number")),
])
def test_whole_numbers(cell, expected):
    """Never by way of a float: long numbers keep their digits."""
    if isinstance(expected, Refused):
        check("cpu", cell, expected)
    else:  # py2: long ones are of another type.
        assert repr(value_of("cpu", cell)).rstrip("L") == "%d" % expected


@pytest.mark.parametrize("cell, expected", [
    (u"3.5", 3.5), (u"3,5", 3.5), (u"0,125", 0.125), (u"12,3456", 12.3456), (u"1234,567", 1234.567),
    (u"1.024", 1.024), (u"1,024.5", 1024.5), (u"1.024,5", 1024.5), (u"1 024,5", 1024.5),
    (u"1,048,576", 1048576.0), (u"1.048.576", 1048576.0), (u"1.5e3", 1500.0), (u"-.5", -0.5),
    (u"\uff13\uff0e\uff15", 3.5), (4, 4.0), (u"5", 5.0),
    (u"1,024", Refused(u"may be 1024 or, with a decimal comma, 1.024")),
    (u"1e999", Refused(u"fits in 64 bits")), (10 ** 400, Refused(u"fits in 64 bits")),
    (u"nan", Refused(u"is not a number")), (u"inf", Refused(u"is not a number")),
    (u".", Refused(u"is not a number")), (u"25%", Refused(u"percentage")),
    (u"4.25 kg", Refused(u"in the unit of the attribute, for example 3.5")),
    (False, Refused(u"is not a number")),
])
def test_numbers(cell, expected):
    """A decimal comma is read where it can be nothing else."""
    check("load", cell, expected)


@pytest.mark.parametrize("cell, expected", [
    (u"true", True), (u"FALSE", False), (u"Yes", True), (u"n", False), (u"1", True), (u"0", False),
    (u"on", True), (u"Off", False), (u"\u662f", True), (u"\u5426", False), (True, True), (0, False),
    (u"maybe", Refused(u"write true or false")), (2, Refused(u"write true or false")),
])
def test_booleans(cell, expected):
    """In the words that spreadsheets have."""
    check("virtual", cell, expected)


@pytest.mark.parametrize("cell, expected", [
    (u"dev", u"dev"), (u"PROD", u"Prod"), (u" prod ", u"Prod"), (u"C", u"C"), (u"c", u"c"),
    (u"prd", Refused(u"is not one of dev, test, Prod, C, c; is Prod meant?")),
    (u"\u4e2d", Refused(u"is not one of dev, test, Prod, C, c")),
    (5, Refused(u"is not one of")), ([u"dev"], Refused(u"is a list")),
])
def test_enums(cell, expected):
    """As written, or else ignoring case."""
    check("env", cell, expected)


@pytest.mark.parametrize("cell, expected", [
    (u"a", [u"a"]), (u"a, b", [u"a", u"b"]), (u"a, b; c", [u"a, b", u"c"]),
    (u"a;b\nc", [u"a;b", u"c"]), (u"a|b", [u"a", u"b"]), (u"a\uff0cb\u3001c", [u"a", u"b", u"c"]),
    (u"a,,b,", [u"a", u"b"]), (u"007", [u"007"]), (u'[1, "x", true]', [1, u"x", True]),
    (u"[]", []), ([u"a", 1], [u"a", 1]), (5, [5]),
    (u",", Refused(u"has separators only")), (u"[1, null]", Refused(u"has null in its list")),
    (u"[[1]]", Refused(u"has a list or a map in its list")), (u"[a", Refused(u"is not JSON")),
])
def test_lists(cell, expected):
    """In JSON, or with separators."""
    check("tags", cell, expected)


@pytest.mark.parametrize("separator", [u"/", u"\\n"])
def test_a_separator_that_the_user_names(separator):
    """It is the only one then."""
    cell = u"a, b" + separator.replace(u"\\n", u"\n") + u"c;d"
    check("tags", cell, [u"a, b", u"c;d"], list_separator=separator)


@pytest.mark.parametrize("cell, expected", [
    (u"web, DB", [u"web", u"db"]), (u'["mail"]', [u"Mail"]), ([u"web"], [u"web"]),
    (u"web, dbx", Refused(u'has an item "dbx", which is not one of web, db, Mail; is db meant?')),
])
def test_lists_of_choices(cell, expected):
    """Each item is one of the choices."""
    check("roles", cell, expected)


@pytest.mark.parametrize("cell", [u"10.0.0.1", u"2001:db8::1", u"::ffff:1.2.3.4", u"::"])
def test_ip_addresses(cell):
    """Of both versions, as written."""
    check("ip", cell, cell)


@pytest.mark.parametrize("cell, reason", [
    (u"010.0.0.1", u"write 10.0.0.1"), (u"10.0.0.0/8", u"is a network"),
    (u"10.0.0.1:80", u"has a port; write just the address, 10.0.0.1"),
    (u"fe80::1%eth0", u"without the part from %"), (u"::ffff:01.2.3.4", u"not an IP address"),
    (u"10.0.0.256", u"from 0 to 255"), (u"10.0.0.1, 10.0.0.2", u"write just one"),
    (u"web-01", u"not an IP address"), (u"10.1", u"not an IP address"), (167772161, u"not an IP"),
    (u"\uff11.1.1.1", u"not an IP address"),
])
def test_what_is_no_ip_address(cell, reason):
    """The reason says what to write."""
    check("ip", cell, Refused(reason))


@pytest.mark.parametrize("cell, expected", [
    (u'{"a": [1, null]}', {u"a": [1, None]}), (u'"text"', u"text"), (u"5", 5), (5, 5),
    ({u"a": 1}, {u"a": 1}),
    (u"hello", Refused(u"is not JSON; write for example")), (u"NaN", Refused(u"is not JSON")),
    (u"1e400", Refused(u"not one of JSON")), (u"[" * 100000, Refused(u"is not JSON")),
    (u"[" * 60 + u"]" * 60, Refused(u"is nested too deep")),
    (u"99999999999999999999", Refused(u"does not fit in 64 bits")),
    (u"-" + u"9" * 10000, Refused(u"does not fit in 64 bits")),
    (u'"\\u0000"', Refused(u"control character U+0000")),
])
def test_json(cell, expected):
    """A cell's text is read as JSON."""
    check("extra", cell, expected)


def test_cells_of_a_json_table():
    """They are values already: not JSON in texts, and without quotes for spreadsheets."""
    check("extra", u"hello", u"hello", is_json=True)
    check("name", u"'=1", u"'=1", is_json=True)
    check("name", True, u"true", is_json=True)


@pytest.mark.parametrize("cell, text", [
    (True, u"true"), ([u"\u4e2d", 1], u'["\u4e2d", 1]'), ({u"a": None}, u'{"a": null}'),
    (datetime.date(2024, 2, 29), u"2024-02-29"), (u"a\nb", u'"a b"'), (2.5, u"2.5")])
def test_cells_are_shown_as_they_are_in_the_file(cell, text):
    """On each Python in the same way: not as [u'a'], or True."""
    assert shown(cell) == text


@pytest.mark.parametrize("cell, expected", [
    (u'{"size": "1,024", "kind": "SSD"}', {u"size": 1024, u"kind": u"ssd"}),
    ({u"size": 8, u"kind": u""}, {u"size": 8}),
    (u'{"sise": 1}', Refused(u'has a member "sise"; the members are size, kind')),
    (u'{"size": "x"}', Refused(u"has a member size, which is not a whole number")),
    (u"[1]", Refused(u'is not a map; write for example {"size": 8, "kind": "ssd"}')),
    (u"x", Refused(u"is not JSON")),
])
def test_structs(cell, expected):
    """In JSON; each member is read as an attribute of its type would be."""
    check("disk", cell, expected)


def test_lists_of_structs():
    """One map is a list of one."""
    check("disks", u'[{"size": 1}, {"size": 2}]', [{u"size": 1}, {u"size": 2}])
    check("disks", u'{"size": 1}', [{u"size": 1}])
    check("disks", u"5", Refused(u'write for example [{"size": 8, "kind": "ssd"}]'))


@pytest.mark.parametrize("name, cell, point, comma", [
    ("load", u"1.024", 1.024, 1024.0), ("load", u"1,024", 1024.0, 1.024),
    ("load", u"-12.500", -12.5, -12500.0), ("load", u"\uff11.\uff10\uff12\uff14", 1.024, 1024.0),
    ("load", u"1,5", 1.5, 1.5), ("load", u"1.024,5", 1024.5, 1024.5),
    ("load", u"0.024", 0.024, 0.024),
    ("cpu", u"1.024", Refused(u"it has decimals"), 1024), ("cpu", u"3,000", 3000, 3),
    ("cpu", u"1,024", 1024, Refused(u"it has decimals")), ("cpu", u"3.000", 3, 3000),
])
def test_decimals_as_the_user_says(name, cell, point, comma):
    check(name, cell, point, decimal="point")
    check(name, cell, comma, decimal="comma")


@pytest.mark.parametrize("name", ["load", "cpu"])
@pytest.mark.parametrize("cell", [u"1.024", u"1,024"])
def test_decimals_that_are_unclear(name, cell):
    """It is not guessed, and both are told."""
    check(name, cell, Refused(u"may be 1024 or 1.024: "), decimal="unclear")
    check(name, u"16", 16 if name == "cpu" else 16.0, decimal="unclear")
