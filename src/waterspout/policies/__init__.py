"""Policies: how calls hold up when an upstream does not.

Each is an immutable value that a session, an SDK, an operation or one call is given, and a state
for each upstream in plain Python, which decides. ``waterspout._flows`` asks them in their order.
"""

from __future__ import absolute_import, division, print_function
