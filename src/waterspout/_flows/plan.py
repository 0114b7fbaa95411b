"""Plan: the policies of one call, and the clocks and dice that its flow is given."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401

    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.policies.balancer.hosts import Hosts  # noqa: F401
    from waterspout.policies.deadline import Deadline  # noqa: F401
    from waterspout.policies.guards import Guards  # noqa: F401


class Plan(object):
    """What all attempts of one call have in common; its redirects are sent by the same.

    Args:
        guards (Guards): the policies and their states.
        idempotent (bool): the caller vouches that it does no harm to send the request twice.
        deadline (Deadline or None): what is left of it is sent with each request.
        means (Means): the clocks and the dice.
    """

    __slots__ = ("guards", "idempotent", "deadline", "means", "_hosts", "_placed")

    def __init__(self, guards, idempotent, deadline, means):
        # type: (Guards, bool, Optional[Deadline], Means) -> None
        self.guards = guards
        self.idempotent = idempotent
        self.deadline = deadline
        self.means = means
        self._hosts = guards.hosts
        self._placed = None  # type: Optional[Tuple[Hosts, Any, Tuple[str, str, int]]]

    def take_hosts(self):
        # type: () -> Optional[Hosts]
        """The hosts to choose from, for the first message; None for what follows."""
        hosts, self._hosts = self._hosts, None
        return hosts

    def placed(self, hosts, host, request):
        # type: (Hosts, Any, PreparedRequest) -> None
        """The first message is sent to ``host``."""
        self._placed = hosts, host, request.parsed_url.origin

    def at_same_host(self, request, options):
        # type: (PreparedRequest, CallOptions) -> CallOptions
        """The options for a later message.

        The answer to a challenge, and a redirect to the same origin, are for the host that sent
        them.
        """
        if self._placed is None:
            return options
        hosts, host, origin = self._placed
        if request.parsed_url.origin != origin:
            return options
        return hosts.place(host, request, options)


#: What a flow is given, since it has none of its own: ``clock()`` returns monotonic seconds,
#: ``wall_clock()`` seconds since the epoch, ``dice()`` a float from 0 to 1, ``make_key()`` a text
#: that no other call has, and ``on_this_loop()`` a function ``call(function, *args)`` that has a
#: function called on the current IOLoop, from any thread.
Means = namedtuple("Means", "clock wall_clock dice make_key on_this_loop")
