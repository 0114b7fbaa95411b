"""Text from elsewhere is made safe before it is logged."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.escape import native_str

from waterspout.service import one_line
from waterspout.service.log_lines import printable


@pytest.mark.parametrize(
    "sent, logged",
    [
        ("/cmdb/import/HOST", "/cmdb/import/HOST"),
        ("/a\x1b[31mred", "/a?[31mred"),
        ("/a\r\nINFO forged", "/a??INFO?forged"),
        ("/\xe9", "/?"),
        ("/" + "x" * 1000, "/" + "x" * 199),
    ],
)
def test_printable_replaces_other_characters_and_cuts_long_text(sent, logged):
    """No control characters, no line breaks, 200 characters at most."""
    assert printable(sent) == logged


@pytest.mark.parametrize(
    "said, logged",
    [
        (ValueError("as it is"), "as it is"),
        ("two\r\nlines", "two lines"),
        (u"\u4e2d\u2028ERROR forged", native_str(u"\u4e2d ERROR forged")),
        (b"bytes", "bytes"),
        ("\x1b[31mred", " [31mred"),
        ("x" * 2000, "x" * 1000 + "..."),
        (5, "5"),
    ],
)
def test_one_line_has_no_line_breaks_in_any_type_of_value(said, logged):
    """Exceptions, text in any script, bytes, numbers."""
    assert one_line(said) == logged


def test_one_line_escapes_bytes_that_are_not_text():
    """It raises nothing."""
    assert "xff" in one_line(b"\xff")
