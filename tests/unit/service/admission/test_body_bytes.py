"""The bytes of all bodies: what is reserved, what arrives, what is given back."""

from __future__ import absolute_import, division, print_function

from hypothesis import given
from hypothesis import strategies as st

from waterspout.service._admission.body_bytes import SMALL_BODY_BYTES, BodyBytes
from waterspout.service._admission.ticket import Ticket

MiB = 1024 * 1024


def test_announced_bodies_are_counted_before_they_arrive():
    counted, first, second, third = BodyBytes(3 * MiB), Ticket(1), Ticket(2), Ticket(3)
    assert counted.reserve(first, 2 * MiB) and counted.reserve(second, MiB)
    assert not counted.reserve(third, SMALL_BODY_BYTES + 1)
    assert counted.received(first, MiB) and counted.received(first, MiB)
    assert counted.used == 3 * MiB
    counted.release(first)
    assert counted.used == MiB and counted.reserve(third, 2 * MiB)


def test_bytes_that_were_not_announced_are_counted_as_they_arrive():
    """Chunks, or more than the head says."""
    counted, ticket = BodyBytes(MiB), Ticket(1)
    assert all(counted.received(ticket, MiB // 4) for _ in range(4))
    assert not counted.received(ticket, 1) and counted.used == MiB
    counted.release(ticket)
    counted.release(ticket)
    assert counted.used == 0


def test_small_bodies_are_never_refused():
    """A few large ones must not keep out all that are small."""
    counted = BodyBytes(MiB)
    assert counted.reserve(Ticket(1), MiB)
    assert counted.reserve(Ticket(2), SMALL_BODY_BYTES)
    chunked = Ticket(3)
    assert counted.received(chunked, SMALL_BODY_BYTES) and not counted.received(chunked, 1)
    assert counted.used == MiB + 2 * SMALL_BODY_BYTES


LENGTHS = st.sampled_from([0, 1, SMALL_BODY_BYTES, SMALL_BODY_BYTES + 1, MiB, 2 * MiB])


@given(st.lists(st.tuples(st.sampled_from(["reserve", "received", "release"]),
                          st.integers(0, 3), LENGTHS), max_size=60))
def test_nothing_is_left_after_any_mix(actions):
    counted, tickets, reserved = BodyBytes(3 * MiB), [Ticket(n) for n in range(4)], set()
    for action, index, length in actions:
        ticket = tickets[index]
        if action == "release":
            counted.release(ticket)
            tickets[index] = Ticket(index)
            reserved.discard(index)
        elif action == "received":
            counted.received(ticket, length)
        elif index not in reserved and not ticket.received_bytes:
            counted.reserve(ticket, length)
            reserved.add(index)
        assert counted.used == sum(each.body_bytes for each in tickets)
        large = sum(t.body_bytes for t in tickets if t.body_bytes > SMALL_BODY_BYTES)
        assert large <= 3 * MiB
    for ticket in tickets:
        counted.release(ticket)
    assert counted.used == 0
