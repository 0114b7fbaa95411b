from __future__ import absolute_import, division, print_function

import pytest

from waterspout._wire import FieldLines
from waterspout.exceptions import InvalidHeader


@pytest.mark.parametrize("name, value", [
    (b"Name", b"value"),
    (b"name", b""),
    (b"!#$%&'*+-.^_`|~09AZaz", b"x"),
    (b"Name", b"a  b\tc"),
    (b"Name", b" around "),
    (b"Name", b"\xe9\x80\xff"),
    (b"Name", b"a:b, c; d=\"e\\\"f\""),
    (b"Name", bytes(bytearray(range(0x20, 0x7f)))),
])
def test_fields_are_written_as_they_are_given(name, value):
    """Sections 5.1 and 5.5: a token, and visible characters, whitespace and obs-text."""
    assert FieldLines([(name, value)]).raw == name + b": " + value + b"\r\n"


@pytest.mark.parametrize("name", [
    b"", b" ", b"Na me", b"Name ", b" Name", b"Name:", b":Name", b"Na:me", b"Name\r\n", b"Na\nme",
    b"Na\rme", b"N\x00me", b"N\xe9me", b"Name\t", b"X: 1\r\nName", b"Na/me", b"(Name)", b"Na\x7fme",
])
def test_a_name_that_is_no_token_is_refused(name):
    """Section 5.1; a colon in it would be a field of another name."""
    with pytest.raises(InvalidHeader, match="is not a field name") as caught:
        FieldLines([(b"First", b"1"), (name, b"value")])
    assert caught.value.may_have_been_sent is False


CONTROLS = [n for n in range(32) if n != 9] + [127]


@pytest.mark.parametrize("code", CONTROLS)
def test_a_control_character_in_a_value_is_refused(code):
    """Section 5.5: CR, LF and NUL are how fields are injected; no other is valid either."""
    byte = bytes(bytearray([code]))
    for value in (byte, b"a" + byte, byte + b"b", b"a" + byte + b"b", b"a\r\nX: 1" + byte):
        with pytest.raises(InvalidHeader, match="the value of field 'Name' has a control"):
            FieldLines([(b"Name", value)])


def test_the_error_does_not_quote_the_value():
    """It may be a token."""
    with pytest.raises(InvalidHeader) as caught:
        FieldLines([(b"Authorization", b"Bearer s3cret\n")])
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("pair", [
    (u"Name", b"value"), (b"Name", u"value"), (b"Name", 5), (b"Name", None)])
def test_a_field_that_is_not_bytes_is_a_type_error(pair):
    """On every Python."""
    with pytest.raises(TypeError, match="must be bytes"):
        FieldLines([pair])


def test_order_and_repetitions_are_kept():
    """Section 5.3: the order of fields with the same name says something."""
    fields = FieldLines([(b"B", b"2"), (b"A", b"1"), (b"b", b"3")])
    assert fields.raw == b"B: 2\r\nA: 1\r\nb: 3\r\n"
