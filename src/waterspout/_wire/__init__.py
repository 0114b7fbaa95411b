"""HTTP/1.1 without I/O: bytes in, events out. No sockets, no loop, no clock, no log.

``client_connection`` joins ``request_writer`` and ``response_reader``, the client's side. Grammar,
field lines, body readers and body writers serve both sides.
"""

from __future__ import absolute_import, division, print_function

from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.events import EndOfMessage, InformationalHead, ProtocolSwitched, ResponseHead
from waterspout._wire.field_lines import FieldLines
from waterspout._wire.message_limits import MessageLimits

__all__ = ["ClientConnection", "EndOfMessage", "FieldLines", "InformationalHead", "MessageLimits",
           "ProtocolSwitched", "ResponseHead"]
