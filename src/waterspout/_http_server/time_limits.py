"""How long a client may take, in seconds, where the server's arguments do not say it."""

from __future__ import absolute_import, division, print_function

#: For the whole head, from its first byte: as nginx's client_header_timeout.
HEAD_SECONDS = 60.0

#: For the next byte of a response that the client does not read: as nginx's send_timeout.
SEND_SECONDS = 60.0

#: For the application to answer a client that has ended its side and has probably left. Nothing
#: else would end a connection whose application has given up without an answer.
DEPARTED_SECONDS = 3600.0

NEVER = float("inf")
