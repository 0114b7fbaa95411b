"""The limit of a request body's length."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._tornado_server.body_limit import LINGER_BYTES, LimitedBody


@pytest.mark.parametrize("pieces", [[], [b"12345"], [b"123", b"45"], [b"1"] * 10])
def test_body_within_the_limit_is_kept(pieces):
    """The limit itself is allowed."""
    body = LimitedBody(10)
    for piece in pieces:
        body.add(piece)
    assert (body.take(), body.too_long, body.far_too_long) == (b"".join(pieces), False, False)


def test_body_over_the_limit_is_dropped():
    """Nothing of it stays in memory, and reading goes on for a while."""
    body = LimitedBody(10)
    body.add(b"x" * 10)
    body.add(b"x")
    assert (body.take(), body.too_long, body.far_too_long) == (b"", True, False)
    body.add(b"x")
    assert body.take() == b""


def test_body_far_over_the_limit_is_not_read_to_its_end():
    """Up to `LINGER_BYTES` more are read, so that the client reads its 413."""
    body = LimitedBody(10)
    body.add(b"x" * (10 + LINGER_BYTES))
    assert not body.far_too_long
    body.add(b"x")
    assert body.far_too_long


@pytest.mark.parametrize(
    "excess, waits, refused",
    [
        (0, False, False),
        (0, True, False),
        (1, False, False),
        (1, True, True),
        (LINGER_BYTES, False, False),
        (LINGER_BYTES + 1, False, True),
    ],
)
def test_content_length_is_refused_before_the_body(excess, waits, refused):
    """If the client waits for 100 Continue, or if reading the body is not worth it."""
    assert LimitedBody(10).refuses_length(10 + excess, waits) == refused
