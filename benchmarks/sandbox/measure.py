"""What is measured, each a function that returns seconds."""

from __future__ import absolute_import, division, print_function

import collections
import threading

from benchmarks.sandbox import data
from benchmarks.sandbox.process import Caller, clock

#: Times of one kind of request, in seconds.
Times = collections.namedtuple("Times", "median worst total")

#: The organisations: one has the instances and imports, the other only searches, with 300 hosts.
ORG, OTHER_ORG = 1, 2
OTHER_HOSTS = 300

#: Of each kind of request so many are sent, or fewer if they take longer than these seconds.
REPEATS, SECONDS = 100, 3.0

#: Rows of an import that fills the file.
_FILL_ROWS = 10000

_SEARCH, _IMPORT = "/object/HOST/instance/_search", "/object/HOST/instance/_import"


def fill(port, have, wanted):
    # type: (int, int, int) -> None
    """Have the hosts from number ``have`` to ``wanted``, too, and those of the other one."""
    caller = Caller(port, ORG)
    if have == 0:
        _relate(caller)
    apps = _applications(caller)
    for first in range(have, wanted, _FILL_ROWS):
        numbers = range(first, min(first + _FILL_ROWS, wanted))
        rows = [data.host(number, 0, apps) for number in numbers]
        caller.call(_IMPORT, {"keys": ["name"], "datas": rows})
    caller.close()
    caller = Caller(port, OTHER_ORG)
    rows = [data.host(number) for number in range(OTHER_HOSTS)]
    caller.call(_IMPORT, {"keys": ["name"], "datas": rows})
    caller.close()


def searches(port):
    # type: (int) -> Iterator[tuple[Search, Times]]
    """Each search, again and again on one connection, with no other client."""
    caller = Caller(port, ORG)
    for search in data.SEARCHES:
        request = caller.encoded(_SEARCH, search.body)
        total = caller.send(request)[0]["total"]  # The first reads from the disk.
        yield search, _times(_repeated(lambda: caller.send(request)[1]), total)  # noqa: B023
    caller.close()


def imports(port, have, count):
    # type: (int, int, int) -> Times
    """Imports, one after the other, with no other client."""
    caller = Caller(port, ORG)
    seconds = _import(caller, _import_requests(caller, have, count))
    caller.close()
    return _times(seconds, data.IMPORT_ROWS)


def imports_beside_searches(port, have, count):
    # type: (int, int, int) -> tuple[Times, Times, Times]
    """The same while the other organisation searches, each time as soon as it is answered.

    Returns: of the imports; of the other's searches before; and of those during.
    """
    caller, neighbour = Caller(port, ORG), Neighbour(port)
    requests = _import_requests(caller, have, count)
    before = _repeated(neighbour.search)
    neighbour.start()
    seconds = _import(caller, requests)
    during = neighbour.stop()
    caller.close()
    return _times(seconds, data.IMPORT_ROWS), _times(before), _times(during)


def _relate(caller):
    """Have hosts run applications, and have these."""
    caller.call("/object_relation", data.RELATION)
    rows = [data.application(number) for number in range(data.APPLICATIONS)]
    caller.call("/object/APP/instance/_import", {"keys": ["name"], "datas": rows})


def _applications(caller):
    """Their ids."""
    body = {"page_size": data.APPLICATIONS, "fields": {"instanceId": 1}}
    page = caller.call("/object/APP/instance/_search", body)
    return [app["instanceId"] for app in page["list"]]


def _import_requests(caller, have, count):
    """Imports, from how many hosts there are, and to half an import more each.

    Made before the first is sent, and before another thread searches: to make one takes longer
    than to answer it, and Python runs one thread at a time.
    """
    half = data.IMPORT_ROWS // 2
    apps = _applications(caller)
    return [
        caller.encoded(
            _IMPORT, {"keys": ["name"], "datas": data.import_rows(stored, stored, apps)}
        )
        for stored in range(have, have + count * half, half)
    ]


def _import(caller, requests):
    """Seconds of each import."""
    seconds = []
    for request in requests:
        result, spent = caller.send(request)
        seconds.append(spent)
        if (result["insert_count"], result["update_count"]) != (data.IMPORT_ROWS // 2,) * 2:
            raise SystemExit("the import did something else: %s" % result)
    return seconds


class Neighbour(object):
    """Another organisation, which searches all the time in a thread of its own."""

    def __init__(self, port):
        # type: (int) -> None
        self._caller = Caller(port, OTHER_ORG)
        self._request = self._caller.encoded(_SEARCH, {"query": {"name": data.name(7)}})
        self._seconds = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._search_on)

    def search(self):
        # type: () -> float
        return self._caller.send(self._request)[1]

    def start(self):
        # type: () -> None
        self._thread.start()

    def stop(self):
        # type: () -> list[float]
        self._is_over.set()
        self._thread.join()
        self._caller.close()
        return self._seconds

    def _search_on(self):
        while not self._is_over.is_set():
            self._seconds.append(self.search())


def _repeated(call):
    # type: (Callable[[], float]) -> list[float]
    end = clock() + SECONDS
    seconds = [call() for _ in range(5)]
    while len(seconds) < REPEATS and clock() < end:
        seconds.append(call())
    return seconds


def _times(seconds, total=None):
    ordered = sorted(seconds)
    return Times(ordered[len(ordered) // 2], ordered[-1], total)
