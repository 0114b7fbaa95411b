"""Time limits of a connection that no argument of the server sets, in seconds."""

from __future__ import absolute_import, division, print_function

#: For the application to answer a client that has ended its side and has probably left. Nothing
#: else would end a connection whose application has given up without an answer.
DEPARTED_SECONDS = 3600.0

NEVER = float("inf")
