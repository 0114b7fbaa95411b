"""Resolver: looks names up in threads of its own."""

from __future__ import absolute_import, division, print_function

import encodings.idna  # noqa: F401  # Now: without free descriptors it could not be loaded later.
import socket
from concurrent.futures import ThreadPoolExecutor

from waterspout._compat import Future, reject, resolve, resolved
from waterspout._net.shortage import true_cause

#: Lookups at a time. Each lookup that hangs holds one thread; some are left for others.
THREADS = 4


class Resolver(object):
    """Calls ``getaddrinfo`` in threads of its own.

    Not in the IOLoop's default executor, which the program may have filled with slow calls.
    Simultaneous calls for one name share one lookup. Has the interface of
    `tornado.netutil.Resolver`.
    """

    def __init__(self, io_loop):
        # type: (IOLoop) -> None
        self._io_loop = io_loop
        self._executor = None
        self._lookups = {}  # type: Dict[Tuple[str, int, int], List[Future]]

    def resolve(self, host, port, family=socket.AF_UNSPEC):
        # type: (str, int, int) -> Future[List[Tuple[int, Tuple]]]
        """Resolve to ``(family, address)`` of each address, or fail with socket.gaierror."""
        address = numeric_address(host, port, family)
        if address is not None:
            return resolved([address])
        future = Future()
        key = host, port, family
        if key in self._lookups:
            self._lookups[key].append(future)
            return future
        self._lookups[key] = [future]
        if self._executor is None:
            self._executor = ThreadPoolExecutor(THREADS)
        try:
            job = self._executor.submit(look_up, host, port, family)
        except Exception:  # No thread can be started, so later calls must not wait for this one.
            del self._lookups[key]
            raise
        job.add_done_callback(lambda job: self._hand_back(key, job))
        return future

    def close(self):
        # type: () -> None
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None

    def _hand_back(self, key, job):  # In a worker thread.
        try:
            self._io_loop.add_callback(self._deliver, key, job)
        except RuntimeError:
            pass  # The IOLoop was closed meanwhile, so that no Future is waited for any more.

    def _deliver(self, key, job):
        error = job.exception()
        for future in self._lookups.pop(key):
            if error is not None:
                reject(future, error)
            else:
                resolve(future, job.result())


def look_up(host, port, family):
    # type: (str, int, int) -> List[Tuple[int, Tuple]]
    try:
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except socket.error as error:  # gaierror is a subclass.
        raise true_cause(error)
    except UnicodeError as error:  # A label that is empty or too long.
        raise socket.gaierror(socket.EAI_NONAME, "not a host name: %s" % error)
    return [(each[0], each[4]) for each in found]


def numeric_address(host, port, family):
    # type: (str, int, int) -> Optional[Tuple[int, Tuple]]
    """``(family, address)`` if ``host`` is an IP address of that family, else None."""
    for each in (socket.AF_INET, socket.AF_INET6):
        if family in (each, socket.AF_UNSPEC) and _is_address(each, host):
            if "%" not in host:
                return each, (host, port) if each == socket.AF_INET else (host, port, 0, 0)
            try:  # A zone (fe80::1%eth0) is an interface's name, which needs no lookup.
                found = socket.getaddrinfo(
                    host, port, each, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
            except socket.error:
                return None
            return found[0][0], found[0][4]
    return None


def _is_address(family, host):
    try:
        socket.inet_pton(family, host.partition("%")[0])
    except (socket.error, TypeError, ValueError):  # A NUL: ValueError, on 2.7 TypeError.
        return False
    return True
