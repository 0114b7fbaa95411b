"""docs/compatibility.md says what the tests' tables say."""

from __future__ import absolute_import, division, print_function

import io
import os

from differences import FROM_REQUESTS, LIMITS

PAGE = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "compatibility.md")


def test_every_declared_difference_is_on_the_page():
    """What a test allows to differ, a user can read."""
    with io.open(PAGE, encoding="utf-8") as page:
        text = page.read()
    for theirs, ours in FROM_REQUESTS.values():
        assert theirs in text and ours in text
    for (transport, _), why in LIMITS.items():
        assert any(transport in line and why in line for line in text.splitlines())
