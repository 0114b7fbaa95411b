from __future__ import absolute_import, division, print_function

import pytest

from waterspout._wire import MessageLimits

NAMES = ["start_line_bytes", "head_bytes", "field_count", "informational_responses",
         "chunk_line_bytes", "trailer_bytes", "body_bytes"]


@pytest.mark.parametrize("name", NAMES)
def test_the_default_is_the_documented_constant(name):
    """Each limit can be set alone."""
    assert getattr(MessageLimits(), name) == getattr(MessageLimits, name.upper())
    limits = MessageLimits(**{name: 7})
    assert getattr(limits, name) == 7
    assert [one for one in NAMES if getattr(limits, one) != getattr(MessageLimits(), one)] == [name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_below_one_is_refused(name, value):
    """No response could pass it."""
    with pytest.raises(ValueError, match=name):
        MessageLimits(**{name: value})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["5", b"5", 5.0, True, (5,)])
def test_a_limit_that_is_no_int_is_refused(name, value):
    """A string compares with numbers on 2.7."""
    with pytest.raises(TypeError, match=name):
        MessageLimits(**{name: value})


def test_only_the_limit_of_the_body_may_be_none():
    """Everything else is held in memory."""
    assert MessageLimits(body_bytes=None).body_bytes is None
    for name in NAMES[:-1]:
        with pytest.raises(TypeError, match=name):
            MessageLimits(**{name: None})


def test_limits_do_not_change():
    """They are shared by connections."""
    limits = MessageLimits()
    with pytest.raises(AttributeError):
        limits.head_bytes = 5
    with pytest.raises(AttributeError):
        del limits.head_bytes
    with pytest.raises(AttributeError):
        limits.other = 5


def test_equal_message_limits_are_equal_and_hashable():
    """Equal by what they hold, usable as a key."""
    assert MessageLimits(head_bytes=5) == MessageLimits(head_bytes=5)
    assert not MessageLimits(head_bytes=5) != MessageLimits(head_bytes=5)
    assert MessageLimits(head_bytes=5) != MessageLimits(head_bytes=6)
    assert MessageLimits() != 5
    assert len({MessageLimits(), MessageLimits(), MessageLimits(body_bytes=5)}) == 2


def test_the_repr_shows_every_limit():
    """As it would be written."""
    assert eval(repr(MessageLimits(body_bytes=5))) == MessageLimits(body_bytes=5)
