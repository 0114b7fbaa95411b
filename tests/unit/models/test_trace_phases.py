"""A trace adds up, whatever part of it a transport knows."""

from __future__ import absolute_import, division, print_function

from hypothesis import given
from hypothesis import strategies as st

from waterspout.models.traces import Trace

PHASES = ("queue", "dns", "connect", "tls", "send", "first_byte", "body")


STEPS = st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=6, max_size=6)


@given(STEPS, st.integers(0, 9))
def test_known_phases_add_up_to_the_total(steps, last):
    """The time of an unknown phase is part of the next one."""
    moments, now = [100], 100
    for step in steps + [last]:
        now += step or 0
        moments.append(None if step is None else now)
    trace = Trace(moments, 1, False)
    phases = [getattr(trace, name) for name in PHASES]
    assert [each is None for each in phases] == [step is None for step in steps + [last]]
    assert sum(each for each in phases if each is not None) == trace.total == now - 100


def test_a_body_under_way_has_no_total():
    """Neither the body's time nor the total is known before its end."""
    trace = Trace((1.0, 1.0, None, None, None, 1.25, 1.5, None), 1, True)
    assert (trace.send, trace.first_byte, trace.body, trace.total) == (0.25, 0.25, None, None)


def test_a_response_of_a_user_defined_transport_has_an_empty_trace():
    """Nothing is known, and that is what it says."""
    trace = Trace()
    assert set(getattr(trace, name) for name in PHASES + ("total", "attempts", "reused")) == {None}
    assert "queue=None" in repr(trace)
