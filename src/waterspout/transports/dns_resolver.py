"""DNSResolver: the addresses of a name, for a `waterspout.policies.balancer.Balancer`."""

from __future__ import absolute_import, division, print_function

import os
from functools import partial

from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, Future, is_closed, reject, rejected, resolve
from waterspout._encoding.zones import to_look_up
from waterspout._net.resolver import Resolver
from waterspout.policies.value import optional, seconds

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Set, Tuple  # noqa: F401


class DNSResolver(object):
    """All addresses of a name, IPv4 and IPv6, in the order in which the system gives them.

    It asks ``getaddrinfo`` in threads of its own, so that the IOLoop is not blocked. It may be used
    on several IOLoops, and after a fork.

    Args:
        ttl (float or None): seconds that addresses hold, as ``getaddrinfo`` does not say; None: as
            the balancer says.

    Raises: TypeError, ValueError: ``ttl`` is no number above 0.
    """

    def __init__(self, ttl=None):
        # type: (Optional[float]) -> None
        self.ttl = optional(seconds, "ttl", ttl)
        self._resolvers = {}  # type: Dict[IOLoop, Resolver]
        self._pid = os.getpid()

    def resolve(self, name, port):
        # type: (str, int) -> Future[Tuple[List[Tuple[int, Tuple]], Optional[float]]]
        """Resolve to (list of (family, address), ``ttl``). Nothing is kept from call to call.

        ``name`` is a host as in URLs, an IPv6 address in brackets.

        Raises: through the Future: socket.gaierror, for an unknown name; OSError, RuntimeError: the
            system has no descriptor or no thread left. A retry is safe.
        """
        io_loop = IOLoop.current()
        try:
            found = self._of(io_loop).resolve(to_look_up(name), port)
        except Exception as error:  # No thread can be started.
            return rejected(error)
        future = Future()  # type: Future[Any]
        io_loop.add_future(found, partial(self._answer, future))
        return future

    def close(self):
        # type: () -> None
        """Let the threads end after their lookups, for which it does not wait. Idempotent.

        A later `resolve` starts other threads.
        """
        ours = self._pid == os.getpid()
        for io_loop in list(self._resolvers):
            resolver = self._resolvers.pop(io_loop, None)
            if ours and resolver is not None:
                resolver.close()

    def _of(self, io_loop):
        # type: (IOLoop) -> Resolver
        if self._pid != os.getpid():
            # After a fork: the threads are those of the parent.
            self._resolvers.clear()
            self._pid = os.getpid()
        resolver = self._resolvers.get(io_loop)
        if resolver is None:
            for closed in [each for each in list(self._resolvers) if is_closed(each)]:
                former = self._resolvers.pop(closed, None)
                if former is not None:
                    former.close()
            resolver = self._resolvers[io_loop] = Resolver(io_loop)
        return resolver

    def _answer(self, future, found):
        error = found.exception()
        if error is not None:
            reject(future, error)
        else:
            resolve(future, (_without_repetition(found.result()), self.ttl))

    def __repr__(self):
        # type: () -> str
        return "DNSResolver(ttl=%r)" % self.ttl


def _without_repetition(addresses):
    # type: (List[Tuple[int, Tuple]]) -> List[Tuple[int, Tuple]]
    """Each address once: the system may know a name from two sources."""
    seen = set()  # type: Set[Tuple[int, Tuple]]
    found = []
    for each in addresses:
        if each not in seen:
            seen.add(each)
            found.append(each)
    return found
