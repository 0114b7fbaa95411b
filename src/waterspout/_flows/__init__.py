"""Decisions that follow a response, as generators: challenges, hooks, redirects.

A flow yields a command (`commands`) and is sent its result. It has no IOLoop, clock or sockets:
`waterspout._driver` runs it. A policy that sends a request again (a retry, with the server's
Retry-After) belongs here, beside ``redirects``.
"""

from __future__ import absolute_import, division, print_function
