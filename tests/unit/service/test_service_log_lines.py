"""What strangers send is fit for a log before it gets there."""

from __future__ import absolute_import, division, print_function

import pytest

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
