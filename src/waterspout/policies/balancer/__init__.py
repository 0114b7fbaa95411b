"""Balancing: which of an upstream's hosts gets the next call, and which get none for a while."""

from __future__ import absolute_import, division, print_function

from waterspout.policies.balancer.balancer_policy import Balancer
from waterspout.policies.balancer.balancer_state import BalancerState
from waterspout.policies.balancer.host_state import (
    EJECTED,
    HEALTHY,
    PROBATION,
    HostChange,
    HostState,
)

__all__ = ["EJECTED", "HEALTHY", "PROBATION", "Balancer", "BalancerState", "HostChange",
           "HostState"]
