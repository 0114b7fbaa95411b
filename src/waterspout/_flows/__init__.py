"""Decisions that follow a response, as generators: challenges, hooks, redirects.

A flow yields a command (`commands`) and is sent its result. It has no IOLoop, clock or sockets:
`waterspout._driver` runs it. Whatever sends a request again is decided here: retries, with the
server's Retry-After, will stand beside ``redirects``, and their settings in ``policies``.
"""

from __future__ import absolute_import, division, print_function
