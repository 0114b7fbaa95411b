"""Session.stats() adds up all states of an origin, each once."""

from __future__ import absolute_import, division, print_function

from scripted_upstream import NEVER, URL, ScriptedUpstream, no_wait
from tornado import gen

import waterspout

ORIGIN = "http://host.test:80"


def stats_after(io_loop, upstream, calls, **options):
    """Those of a session after one call of each operation."""
    @gen.coroutine
    def script(clock):
        session = upstream.session(**options)
        made = []
        for name in calls:
            made.append(session.get(URL, operation=name))
            yield clock.advance(0.1)
        found = session.stats()
        yield session.close()
        for call in made:
            try:
                yield call
            except waterspout.RequestException:
                pass
        raise gen.Return(found[ORIGIN])

    return upstream.run(io_loop, script)


def test_bulkheads_of_operations_are_added_to_that_of_the_session(io_loop):
    """None of them hides another."""
    found = stats_after(
        io_loop, ScriptedUpstream(NEVER), ["a", "b", "b"], bulkhead=waterspout.Bulkhead(),
        operations={"b": {"bulkhead": waterspout.Bulkhead(max_concurrent=1)}})
    assert (found["bulkhead_running"], found["bulkhead_queued"]) == (2, 1)


def test_a_state_that_operations_share_is_counted_once(io_loop):
    """They have the session's circuit breaker, and other retries."""
    found = stats_after(
        io_loop, ScriptedUpstream(503), ["a", "b"], breaker=waterspout.CircuitBreaker(),
        operations={"b": {"retry": no_wait(total=1)}})
    assert (found["circuit_calls"], found["circuit_failures"], found["retries"]) == (3, 3, 1)


def test_the_worst_circuit_is_shown(io_loop):
    """An open one is not hidden by one that is closed."""
    touchy = waterspout.CircuitBreaker(minimum_calls=1)
    for calls in (["a", "b"], ["b", "a"]):
        found = stats_after(
            io_loop, ScriptedUpstream(503), calls, breaker=waterspout.CircuitBreaker(),
            operations={"b": {"breaker": touchy}})
        assert (found["circuit"], found["circuit_opened"]) == ("open", 1)
