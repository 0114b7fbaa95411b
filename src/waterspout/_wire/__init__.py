"""HTTP/1.1 without I/O: bytes in, events out. No sockets, no loop, no clock, no log.

``client_connection`` joins ``request_writer`` and ``response_reader``, the client's side;
``server_connection`` joins ``request_reader`` and ``response_writer``, the server's. Grammar, field
lines, body readers and body writers serve both sides.

A client hands out events as soon as bytes are received. A server keeps the bytes until it is asked
to read on, since it may have to answer one request before it reads the next.
"""

from __future__ import absolute_import, division, print_function

from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.events import (
    EndOfMessage,
    InformationalHead,
    ProtocolSwitched,
    RequestHead,
    ResponseHead,
)
from waterspout._wire.field_lines import FieldLines
from waterspout._wire.message_limits import MessageLimits
from waterspout._wire.refusals import RequestRefused
from waterspout._wire.server_connection import ServerConnection

__all__ = ["ClientConnection", "EndOfMessage", "FieldLines", "InformationalHead", "MessageLimits",
           "ProtocolSwitched", "RequestHead", "RequestRefused", "ResponseHead", "ServerConnection"]
