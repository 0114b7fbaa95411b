"""Decisions that span several exchanges, as generators.

A flow ``yield``s a command (`commands`), is sent what came of it, and has no loop, no
clock and no sockets. ``waterspout._driver`` runs it.
"""

from __future__ import absolute_import, division, print_function
