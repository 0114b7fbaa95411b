"""BodyBytes: how much memory the bodies of requests take at once."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from waterspout.service._admission.ticket import Ticket  # noqa: F401

#: Bytes: a body of this length or less is counted and never refused. Otherwise a few large bodies
#: would keep out all the small requests, which take no memory to speak of.
SMALL_BODY_BYTES = 64 * 1024


class BodyBytes(object):
    """Counts the bytes of the bodies that were announced, or have arrived, and are not given back.

    Args:
        most (int): bytes.
    Attributes:
        used (int): bytes.
    """

    __slots__ = ("used", "_most")

    def __init__(self, most):
        # type: (int) -> None
        self.used = 0
        self._most = most

    def reserve(self, ticket, length):
        # type: (Ticket, int) -> bool
        """Count the body of a request whose head says ``length``. Returns: False: it is too much.

        It is not counted then.
        """
        return self._grow(ticket, length)

    def received(self, ticket, count):
        # type: (Ticket, int) -> bool
        """``count`` bytes have arrived: count those that were not announced.

        Returns: False: they are too much, and are not counted.
        """
        received = ticket.received_bytes = ticket.received_bytes + count
        return received <= ticket.body_bytes or self._grow(ticket, received - ticket.body_bytes)

    def release(self, ticket):
        # type: (Ticket) -> None
        """The request has ended. Idempotent."""
        self.used -= ticket.body_bytes
        ticket.body_bytes = 0

    def _grow(self, ticket, count):
        if count <= 0:
            return True
        if ticket.body_bytes + count > SMALL_BODY_BYTES and self.used + count > self._most:
            return False
        self.used += count
        ticket.body_bytes += count
        return True
