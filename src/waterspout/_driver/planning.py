"""Finds the `Plan` of a call: from its session's policies, its operation's and its own."""

from __future__ import absolute_import, division, print_function

import time

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout._compat.process_random import random_share
from waterspout._driver.loop_calls import caller_on_this_loop
from waterspout._flows.plan import Means, Plan
from waterspout.instrumentation.request_ids import make_request_id

if TYPE_CHECKING:
    from typing import Any, Mapping, Optional, Tuple  # noqa: F401

    from waterspout.policies.deadline import Deadline  # noqa: F401
    from waterspout.policies.session_policies import SessionPolicies  # noqa: F401

#: What a flow may not find out itself. By functions that look the clocks up, since
#: `waterspout.testing.FakeClock` replaces them.
MEANS = Means(
    clock=lambda: monotonic(),
    wall_clock=lambda: time.time(),
    dice=random_share,
    make_key=make_request_id,
    on_this_loop=caller_on_this_loop,
)


def plan_of(policies, transport, operation, chosen, idempotent, deadline):
    # type: (SessionPolicies, Any, Any, Optional[Mapping[str, Any]], Optional[bool], Optional[Deadline]) -> Optional[Plan]  # noqa: E501
    """The Plan of one call; None if no policy concerns it.

    Args:
        operation (Operation or None): the call's, if it has keywords of its own.
        chosen (mapping or None): the policies that the call has brought, by their names.
        idempotent (bool or None): None: the operation's.
        deadline (Deadline or None).
    Raises: TypeError, ValueError: one of ``chosen`` is none of its kind.
    """
    guards = policies.guards(transport, operation, chosen)
    is_sent = deadline is not None and deadline.header is not None
    if not (is_sent or guards.has_any):
        return None
    if idempotent is None:
        idempotent = operation is not None and operation.idempotent
    return Plan(guards, idempotent, deadline if is_sent else None, MEANS)
