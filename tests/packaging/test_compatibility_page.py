"""docs/compatibility.md says what the tests' tables say."""

from __future__ import absolute_import, division, print_function

from differences import FROM_REQUESTS, LIMITS
from features import read_page, with_table


def test_every_declared_difference_is_on_the_page():
    """What a test allows to differ, a user can read."""
    text = read_page()
    for theirs, ours in FROM_REQUESTS.values():
        assert theirs in text and ours in text
    for (transport, _), why in LIMITS.items():
        assert any(transport in line and why in line for line in text.splitlines())


def test_the_table_of_features_is_on_the_page():
    """As tests/conformance_session finds it to be; ``make features`` puts it there."""
    text = read_page()
    assert text == with_table(text)
