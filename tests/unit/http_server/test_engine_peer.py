"""How a line about a connection that never became a request names its peer."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._http_server.engine import peer_text


@pytest.mark.parametrize("address, text", [
    (("10.0.0.7", 4711), "10.0.0.7:4711"),
    (("fe80::1", 4711, 0, 2), "[fe80::1]:4711"),
    ("", "a unix socket"),
    (b"\0abstract", "a unix socket"),
])
def test_peer_is_named_as_in_other_lines(address, text):
    assert peer_text(address) == text
