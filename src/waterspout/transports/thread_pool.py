"""The ``threads`` transport: requests in one shared pool of worker threads."""

from __future__ import absolute_import, division, print_function

import threading
from concurrent.futures import ThreadPoolExecutor

import requests

from waterspout import exceptions
from waterspout._compat import resolve
from waterspout.constants import CHUNK_BYTES
from waterspout.structures import Headers
from waterspout.transports.base import QueueingTransport
from waterspout.transports.head import Head, too_large
from waterspout.transports.requests_adapter import RouteAdapter
from waterspout.transports.requests_errors import CutShort, translate

#: Routes for which a thread keeps connections; programs have a handful.
_ROUTES = 16


class ThreadTransport(QueueingTransport):
    """One exchange is one ``adapter.send`` in a worker thread.

    Each thread has adapters of its own (requests does not promise that they may be shared), one
    for each Route, whose connections are kept. A thread cannot be stopped: an exchange that ends
    early leaves its thread busy until requests' own timeout, and holds its place until then.
    """

    name = "threads"
    not_routed = ("unix_socket",)

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        super(ThreadTransport, self).__init__(io_loop, limits, limits.max_workers)
        self._executor = ThreadPoolExecutor(limits.max_workers)
        self._local = threading.local()
        self._adapters = []  # type: List[RouteAdapter]  # Of all threads.

    def _perform(self, exchange):
        exchange.handed_over()
        job = self._executor.submit(self._exchange, exchange)
        job.add_done_callback(lambda job: self._hand_back(exchange, job))

    def _hand_back(self, exchange, job):  # In the worker thread.
        try:
            self.io_loop.add_callback(self._deliver, exchange, job)
        except RuntimeError:
            pass  # The loop was closed meanwhile: nobody is left to tell.

    def _deliver(self, exchange, job):
        error = job.exception()
        if error is None:
            exchange.body_received(job.result())
            exchange.succeed()
        else:
            exchange.phase, error_class, what = translate(error)
            if error_class is exceptions.ConnectTimeout:
                exchange.connect_timed_out(error)
            elif error_class is exceptions.ReadTimeout:
                exchange.read_timed_out(error)
            else:
                exchange.fail(error_class, what, error)
        self._finished(exchange)

    # In a worker thread

    def _exchange(self, exchange):
        # type: (Exchange) -> bytes
        exchange.begun()
        request = exchange.request
        timeout = (request.timeout.connect, request.timeout.read)
        response = self._adapter(request.route).perform(_prepared(request), timeout)
        raw = response.raw
        try:
            exchange.head = head = self._read_head(request, raw)
            return self._read_body(request, head, raw)
        except Exception:
            raw.close()  # Not to be used again, whatever it says.
            raise
        finally:
            response.close()  # Gives the connection back if it was read to its end.

    def _adapter(self, route):
        adapters = self._local.__dict__.setdefault("adapters", {})
        adapter = adapters.get(route)
        if adapter is None:
            if len(adapters) >= _ROUTES:
                for _, other in [adapters.popitem() for _ in range(len(adapters))]:
                    self._adapters.remove(other)
                    other.close()
            adapter = adapters[route] = RouteAdapter(route)
            self._adapters.append(adapter)
        return adapter

    def _read_head(self, request, raw):
        head = Head(raw.status, raw.reason or "", Headers(_fields(raw.headers)))
        size = sum(len(name) + len(value) for name, value in head.headers.get_all())
        if size > self.limits.max_header_bytes:
            raise too_large(self.limits)
        head.check(request.method, self.limits)
        return head

    def _read_body(self, request, head, raw):
        pieces, size = [], 0
        for piece in raw.stream(CHUNK_BYTES, decode_content=False):
            pieces.append(piece)
            size += len(piece)
            if size > self.limits.max_body_bytes:
                break  # The exchange will say that it is too large.
        else:
            announced = head.body_length() or 0
            if size < announced and _has_body(request, head):
                # urllib3 1.26 takes a body that was cut short for a whole one.
                raise CutShort("the connection ended after %d of %d bytes" % (size, announced))
        return b"".join(pieces)

    def _release(self):
        # Now, and not when the last thread is done: nothing can stop a thread.
        self._executor.shutdown(wait=False)
        for adapter in list(self._adapters):
            adapter.close()  # Idle connections; the others when their thread is done.
        resolve(self._released, None)


def _fields(urllib3_headers):
    for name in urllib3_headers:
        for value in urllib3_headers.getlist(name):
            yield name, value.strip(" \t")


def _has_body(request, head):
    return request.method != "HEAD" and head.status_code not in (204, 304)


def _prepared(request):
    # Not requests' own prepare: ours is done already, and the same on every transport.
    prepared = requests.PreparedRequest()
    prepared.method = request.method
    prepared.url = request.parsed_url.without_fragment
    prepared.headers = requests.structures.CaseInsensitiveDict(request.headers.items())
    prepared.body = request.body
    return prepared
