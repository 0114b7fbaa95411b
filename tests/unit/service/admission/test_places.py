"""Places: who runs, who waits, who makes room, and that nothing is left over."""

from __future__ import absolute_import, division, print_function

from hypothesis import given
from hypothesis import strategies as st

from waterspout.service._admission.places import FULL, RUNS, TENANT_FULL, WAITS, Places
from waterspout.service._admission.ticket import Ticket


class Queue(object):
    """Places, and by the name of each request what became of it, in the order of the decisions."""

    def __init__(self, *limits):
        self.places = Places(*limits)
        self.tickets = {}
        self.decisions = []

    def enter(self, name):
        """The first letter of the name is the tenant."""
        ticket = self.tickets[name] = Ticket(name[0])
        outcome = self.places.enter(ticket)
        ticket.decided = lambda outcome: self.decisions.append((name, outcome))
        return outcome

    def enter_all(self, names):
        return [self.enter(name) for name in names.split()]

    def leave(self, name):
        self.places.leave(self.tickets[name])

    def give_up(self, name):
        self.places.give_up(self.tickets[name])

    @property
    def counts(self):
        return self.places.running, self.places.waiting


def test_further_requests_are_refused_when_all_places_are_taken():
    queue = Queue(2, None, 0)
    assert queue.enter_all("a1 b1 c1") == [RUNS, RUNS, FULL]
    queue.leave("a1")
    assert queue.enter("c2") == RUNS and queue.counts == (2, 0)


def test_tenant_at_its_own_limit_is_refused_and_others_are_not():
    queue = Queue(3, 2, 0)
    assert queue.enter_all("a1 a2 a3 b1 b2") == [RUNS, RUNS, TENANT_FULL, RUNS, FULL]


def test_tenants_are_limited_alone():
    """Without a limit for all of them."""
    queue = Queue(None, 1, 0)
    assert queue.enter_all("a1 b1 c1 a2") == [RUNS, RUNS, RUNS, TENANT_FULL]


def test_tenants_that_wait_take_turns():
    """The one that sent one request is not behind the five of another."""
    queue = Queue(1, None, 10)
    queue.enter_all("a1 a2 a3 a4 a5 b1")
    for name in ("a1", "a2", "b1"):
        queue.leave(name)
    assert queue.decisions == [("a2", RUNS), ("b1", RUNS), ("a3", RUNS)]


def test_newest_request_of_the_longest_queue_makes_room():
    """For a tenant that has fewer requests in the queue."""
    queue = Queue(1, None, 3)
    assert queue.enter_all("a1 a2 a3 a4 b1") == [RUNS] + [WAITS] * 4
    assert queue.decisions == [("a4", FULL)] and queue.counts == (1, 3)
    assert queue.enter_all("a5 b2") == [FULL, FULL]  # Two and one wait: no one has too many.
    queue.leave("a4")
    assert queue.counts == (1, 3)


def test_request_that_makes_room_at_its_tenants_own_limit_says_so():
    queue = Queue(3, 1, 2)
    assert queue.enter_all("a1 a2 a3 b1 c1 b2") == [RUNS, WAITS, WAITS, RUNS, RUNS, WAITS]
    assert queue.decisions == [("a3", TENANT_FULL)]


def test_request_that_has_waited_too_long_is_refused_once():
    queue = Queue(1, None, 5)
    queue.enter_all("a1 b1")
    queue.give_up("b1")
    queue.give_up("b1")
    queue.leave("a1")
    assert queue.decisions == [("b1", FULL)] and queue.counts == (0, 0)
    queue.give_up("a1")
    assert queue.decisions == [("b1", FULL)]


def test_request_that_left_the_queue_is_told_nothing():
    queue = Queue(1, None, 5)
    queue.enter_all("a1 b1 c1")
    queue.leave("b1")
    queue.leave("a1")
    assert queue.decisions == [("c1", RUNS)] and queue.counts == (1, 0)


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["enter", "enter", "leave", "give up"]), st.sampled_from("aaabc"),
              st.integers(0, 100)),
    max_size=80)
LIMITS = st.tuples(st.none() | st.integers(1, 4), st.none() | st.integers(1, 3), st.integers(0, 5))


@given(LIMITS, ACTIONS)
def test_any_mix_of_arrivals_ends_and_departures_keeps_the_limits(limits, actions):
    """And leaves nothing behind."""
    queue = Queue(*limits)
    max_running, max_of_tenant, max_waiting = limits
    state = {}  # What each request was last told.
    for number, (action, tenant, index) in enumerate(actions):
        live = sorted(name for name in state if state[name] in (RUNS, WAITS))
        if action == "enter":
            name = "%s%03d" % (tenant, number)
            state[name] = queue.enter(name)
        elif live and action == "leave":
            name = live[index % len(live)]
            queue.leave(name)
            queue.leave(name)
            state[name] = "left"
        elif live:
            queue.give_up(live[index % len(live)])
        for name, outcome in queue.decisions:
            assert state[name] == WAITS, "told twice, or without waiting"
            state[name] = outcome
        del queue.decisions[:]
        running = [name[0] for name in state if state[name] == RUNS]
        waiting = [name[0] for name in state if state[name] == WAITS]
        assert queue.counts == (len(running), len(waiting))
        assert len(running) <= (max_running or 1000) and len(waiting) <= max_waiting
        assert all(running.count(each) <= (max_of_tenant or 1000) for each in running)
        if len(running) < (max_running or 1000):  # No one waits without need.
            assert all(running.count(each) == max_of_tenant for each in waiting)
    for name in state:
        queue.leave(name)
    assert queue.counts == (0, 0) and queue.places._waiting == {}


@given(st.lists(st.sampled_from("aaaaaab"), max_size=60), st.integers(1, 3), st.integers(2, 6))
def test_tenant_with_one_request_at_a_time_is_never_refused(arrivals, max_running, max_waiting):
    """However many another one sends: it always has room to wait."""
    queue = Queue(max_running, None, max_waiting)
    last = None
    for number, tenant in enumerate(arrivals):
        name = "%s%03d" % (tenant, number)
        if tenant == "b":
            if last is not None:
                queue.leave(last)
            last = name
            assert queue.enter(name) in (RUNS, WAITS)
        else:
            queue.enter(name)
        assert (last, FULL) not in queue.decisions
