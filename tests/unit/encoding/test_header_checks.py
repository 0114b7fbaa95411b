"""Methods and header fields of a request are validated before anything is sent."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._compat import to_bytes, to_native
from waterspout._encoding import header_checks
from waterspout._encoding.header_checks import checked_field, valid_method, valid_name
from waterspout.exceptions import InvalidHeader

#: Names that are not a token (RFC 9110 section 5.6.2).
NOT_TOKENS = ["", "a b", "a:b", "a\r\n", "\x00", "a\x7f", "(a)", u"\xe9", u"\u4e2d", b"a\n",
              None, 7]


@pytest.mark.parametrize("given, sent", [
    ("GET", "GET"), ("get", "GET"), (u"Post", "POST"), (b"patch", "PATCH"),
    ("M-SEARCH", "M-SEARCH")])
def test_a_method_is_sent_in_upper_case(given, sent):
    """As in requests; native ``str`` on every Python."""
    found = valid_method(given)
    assert found == sent and type(found) is str


@pytest.mark.parametrize("check", [valid_method, valid_name])
@pytest.mark.parametrize("given", NOT_TOKENS, ids=repr)
def test_a_method_or_name_that_is_not_a_token_is_refused(check, given):
    """InvalidHeader."""
    with pytest.raises(InvalidHeader):
        check(given)


@pytest.mark.parametrize("given, value", [
    ("1", "1"), (u"1", "1"), (b"1", "1"), ("", ""), ("a\tb c", "a\tb c"), ("1 \t", "1"),
    (u"caf\xe9", b"caf\xe9" if str is bytes else u"caf\xe9")])
def test_a_value_is_text_in_latin_1_or_bytes(given, value):
    """Trailing whitespace is not part of it."""
    assert checked_field("X-A", given)[:3] == ("x-a", "X-A", value)


@pytest.mark.parametrize("value", [
    "a\r\nX-B: 1", "a\nb", "a\rb", "a\x00b", "a\x7f", " a", "\ta", u"\u4e2d", None, 7,
    ["a"]], ids=repr)
def test_a_value_that_could_inject_or_cannot_be_sent_is_refused(value):
    """InvalidHeader, which names the header."""
    with pytest.raises(InvalidHeader, match="X-A"):
        checked_field("X-A", value)


def test_the_error_of_a_value_does_not_show_it():
    """The value may be a secret."""
    with pytest.raises(InvalidHeader) as caught:
        checked_field("Authorization", "secret\n")
    assert "secret" not in str(caught.value)


def test_a_name_is_sent_as_each_call_spells_it():
    """Also one that was sent before with other letter case, or as bytes."""
    for name in ("X-Spelled", "x-spelled", "X-SPELLED", b"X-Spelled", u"X-Spelled"):
        native = to_native(name)
        checked = checked_field(name, "v")
        assert checked[:3] == ("x-spelled", native, "v")
        assert checked[3] == (b"x-spelled", to_bytes(native) + b": v\r\n")


def test_names_that_are_kept_are_bounded_and_without_values():
    """A program that makes up names does not grow, and secrets are not kept."""
    for number in range(3 * header_checks._NAME_ENTRIES):
        checked_field("X-Made-Up-%d" % number, "secret value")
    assert len(header_checks._names) <= header_checks._NAME_ENTRIES
    assert "secret" not in repr(header_checks._names)


def test_long_names_are_not_kept():
    """A program may have them from its own clients."""
    long_name = "X-" + "long" * 20
    assert checked_field(long_name, "v")[:3] == (long_name.lower(), long_name, "v")
    assert long_name not in header_checks._names


def test_an_invalid_name_is_refused_each_time():
    """What was refused is not kept as checked."""
    for _ in range(2):
        with pytest.raises(InvalidHeader):
            checked_field("X Y", "v")
    assert "X Y" not in header_checks._names
