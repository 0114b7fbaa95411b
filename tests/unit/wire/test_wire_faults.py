from __future__ import absolute_import, division, print_function

import pytest

from waterspout._wire.faults import excerpt


@pytest.mark.parametrize("data, text", [
    (b"", "''"),
    (b"plain", "'plain'"),
    (bytearray(b"plain"), "'plain'"),
    (b"\r\n\x00\x1b\x7f\xff", r"'\r\n\x00\x1b\x7f\xff'"),
    (b"it's", '"it\'s"'),
    (b"x" * 40, "'" + "x" * 40 + "'"),
    (b"x" * 41, "'" + "x" * 40 + "'..."),
    (b"\x00" * 100000, "'" + r"\x00" * 40 + "'..."),
])
def test_an_excerpt_is_short_printable_and_the_same_everywhere(data, text):
    """Errors are logged: what a peer sent must neither fill a log nor forge its lines."""
    assert excerpt(data) == text
