"""The phases of a waterfall: the letter, the name and the colours of each."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

#: ``key``: of `Trace`; ``"pause"`` before a retry; ``"none"`` for time that no trace explains.
#: ``letter``: in a text. ``light`` and ``dark``: colours, each with a contrast of at least 3 to its
#: background (WCAG 1.4.11).
Phase = namedtuple("Phase", "key letter name light dark")

PHASES = (
    Phase("pause", "p", "pause", "#7d5a3c", "#c9a27e"),
    Phase("queue", "q", "queue", "#8a6d00", "#d9b62a"),
    Phase("dns", "d", "name", "#7a4fd0", "#a98bf0"),
    Phase("connect", "c", "connect", "#b3620a", "#f0a04b"),
    Phase("tls", "t", "TLS", "#b8317f", "#f07fb9"),
    Phase("send", "s", "send", "#1f7a3d", "#5fc982"),
    Phase("first_byte", "w", "wait", "#1769c4", "#66aaf5"),
    Phase("body", "b", "body", "#0b7f86", "#45c5cc"),
    Phase("none", "-", "unknown", "#8d8d8d", "#8d8d8d"),
)

BY_KEY = dict((phase.key, phase) for phase in PHASES)

#: The phase before each moment but the first of `waterspout.models.traces.MOMENTS`.
KEYS = ("queue", "dns", "connect", "tls", "send", "first_byte", "body")
