"""The phases of a server connection. Each is a name, shown by ``repr`` and in statistics.

::

    idle -> [head ->] [body ->] answering -> [flushing ->] idle | lingering | closed
    answering -> detached

``head`` and ``body`` are entered only when a part of a request is still missing, ``flushing`` only
when the client has not taken the whole response at once.
"""

from __future__ import absolute_import, division, print_function

#: No byte of the next request has arrived.
IDLE = "idle"

#: A part of a request's head has arrived.
HEAD = "head"

#: The head has arrived, and a part of the body is missing.
BODY = "body"

#: The request is complete, and its response is not.
ANSWERING = "answering"

#: The response is complete, and a part of it is unsent.
FLUSHING = "flushing"

#: The last response was sent, and the client may still be sending.
LINGERING = "lingering"

#: The application has the socket.
DETACHED = "detached"

CLOSED = "closed"

#: The connection serves no other request.
LAST = frozenset([LINGERING, DETACHED, CLOSED])

#: No request is under way, nor a part of one.
WITHOUT_REQUEST = frozenset([IDLE, LINGERING])

#: A request was begun that is not answered whole.
ACTIVE = frozenset([BODY, ANSWERING, FLUSHING])
