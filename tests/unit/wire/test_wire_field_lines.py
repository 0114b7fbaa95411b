from __future__ import absolute_import, division, print_function

import pytest

from waterspout._wire import FieldLines
from waterspout._wire.field_lines import encode_line

CONSTANT = FieldLines([(b"Host", b"example.org"), (b"User-Agent", b"w")])


def test_the_sum_of_field_lines_keeps_their_order():
    """Constant fields are encoded once; the sum does not validate them again."""
    both = CONSTANT + FieldLines([(b"X", b"1")])
    assert both.raw == b"Host: example.org\r\nUser-Agent: w\r\nX: 1\r\n"
    assert CONSTANT.raw == b"Host: example.org\r\nUser-Agent: w\r\n"


def test_host_comes_first_in_a_sum_of_field_lines():
    """Wherever it came from."""
    both = FieldLines([(b"X", b"1")]) + CONSTANT
    assert both.raw == b"Host: example.org\r\nUser-Agent: w\r\nX: 1\r\n"
    assert both.has_host


@pytest.mark.parametrize("pair, close, upgrade", [
    ((b"X", b"close"), False, False),
    ((b"Connection", b"keep-alive"), False, False),
    ((b"Connection", b"close"), True, False),
    ((b"CONNECTION", b"te , CLOSE"), True, False),
    ((b"Connection", b"closed"), False, False),
    ((b"Upgrade", b"chat"), False, True),
    ((b"upgrade", b""), False, True),
])
def test_connection_and_upgrade_fields_are_recognised(pair, close, upgrade):
    """Alone and in a sum, on either side."""
    fields = FieldLines([pair])
    for one in (fields, fields + CONSTANT, CONSTANT + fields):
        assert (one.close, one.upgrade) == (close, upgrade)


def test_close_in_one_of_several_fields_counts():
    """A later Connection field takes nothing back."""
    assert FieldLines([(b"Connection", b"close"), (b"Connection", b"te")]).close


def test_any_iterable_of_pairs_will_do():
    """It is walked once."""
    assert FieldLines(iter([(b"A", b"1")])) == FieldLines([[b"A", b"1"]])


def test_empty_field_lines_change_no_sum():
    """The neutral element of the sum."""
    assert FieldLines().raw == b""
    assert FieldLines() + CONSTANT == CONSTANT == CONSTANT + FieldLines()


def test_equal_lines_are_equal():
    """By their bytes, so that they can be a key."""
    same = FieldLines([(b"Host", b"example.org")]) + FieldLines([(b"User-Agent", b"w")])
    assert same == CONSTANT and not same != CONSTANT
    assert len({same, CONSTANT}) == 1
    assert CONSTANT != FieldLines([(b"host", b"example.org")])
    assert CONSTANT != CONSTANT.raw


def test_raw_bytes_cannot_be_added_to_field_lines():
    """Raw bytes have not been checked."""
    with pytest.raises(TypeError):
        CONSTANT + b"X: 1\r\n"


def test_the_repr_has_names_and_no_values():
    """Values may be secrets."""
    fields = FieldLines([(b"Authorization", b"Bearer s3cret"), (b"X", b"1")])
    assert repr(fields) == "<FieldLines 'Authorization', 'X'>"
@pytest.mark.parametrize("pair, expected", [
    ((b"Expect", b"100-continue"), True),
    ((b"EXPECT", b"100-Continue"), True),
    ((b"Expect", b"200-ok"), False),
    ((b"X", b"100-continue"), False),
])
def test_an_expectation_is_recognised(pair, expected):
    """Alone and in a sum, on either side (RFC 9110 section 10.1.1)."""
    fields = FieldLines([pair])
    for one in (fields, fields + CONSTANT, CONSTANT + fields):
        assert one.expects_continue is expected


def test_lines_that_are_encoded_already_make_the_same_field_lines():
    """Each with its lower-case name; Host comes first."""
    pairs = [(b"X", b"1"), (b"Host", b"a"), (b"Connection", b"close"), (b"Upgrade", b"chat")]
    lines = [(name.lower(), encode_line(name, value)) for name, value in pairs]
    fields, same = FieldLines.of_lines(lines), FieldLines(pairs)
    assert fields == same and fields.raw.startswith(b"Host: a\r\n")
    for name in ("has_host", "close", "upgrade", "expects_continue"):
        assert getattr(fields, name) is getattr(same, name)
