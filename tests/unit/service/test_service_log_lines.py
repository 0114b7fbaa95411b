"""What strangers send is fit for a log before it gets there."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.escape import native_str

from waterspout.service import one_line
from waterspout.service.app import printable


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
def test_printable(sent, logged):
    """No control characters, no line breaks, no novels."""
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
def test_one_line(said, logged):
    """What others have said, in any type and language, as one line."""
    assert one_line(said) == logged


def test_one_line_of_bytes_that_are_no_text():
    """They are shown escaped."""
    assert "xff" in one_line(b"\xff")
