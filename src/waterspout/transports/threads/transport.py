"""The ``threads`` transport: requests in one shared pool of worker threads."""

from __future__ import absolute_import, division, print_function

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from waterspout import exceptions
from waterspout._compat import in_this_context, resolve
from waterspout._encoding.streamed_bodies import StreamedBody
from waterspout.transports.borrowed.queueing_transport import QueueingTransport
from waterspout.transports.threads.blocking_exchange import BlockingExchange
from waterspout.transports.threads.requests_errors import NoThread, translate
from waterspout.transports.threads.route_adapter import RouteAdapter
from waterspout.transports.threads.thread_body_reader import ThreadBodyReader

#: Routes for which a thread keeps connections; programs use only a few.
_ROUTES = 16


class ThreadTransport(QueueingTransport):
    """One exchange is one ``adapter.send`` in a worker thread.

    Each thread has its own adapters, which keep connections, one for each Route: requests does not
    say that adapters are thread-safe. A thread cannot be stopped: an exchange that ends early
    leaves its thread busy until requests' own timeout, and keeps its place until then.
    """

    name = "threads"
    not_routed = ("unix_socket", "address")

    def __init__(self, io_loop, limits):
        # type: (IOLoop, Limits) -> None
        super(ThreadTransport, self).__init__(io_loop, limits, limits.max_workers)
        self._executor = ThreadPoolExecutor(limits.max_workers)
        self._local = threading.local()
        self._adapters = []  # type: List[RouteAdapter]  # Of all threads.

    def _refuse(self, request, options):
        if isinstance(request.body, StreamedBody) and request.body.asynchronous:
            raise self._unsupported(request, "an asynchronous iterator as a body")

    def _perform(self, exchange):
        exchange.timeouts.handed_over()
        blocking = BlockingExchange(exchange, self.limits, self._on_loop)
        if exchange.options.stream:
            ThreadBodyReader(exchange, blocking, self._run, self._failed, self._finished).begin(
                self._adapter)
        else:
            self._run(lambda: blocking.perform(self._adapter),
                      lambda job: self._deliver(exchange, blocking, job))

    def _run(self, work, deliver):
        """Call ``work()`` in a worker thread, then ``deliver(job)`` on the IOLoop.

        ``work`` is called in a copy of this context: a library that traces requests finds the
        caller's span there. ``deliver`` is not.

        An executor that cannot start a thread raises, but does the work later anyway, when another
        thread is free. The token makes sure that only one of the two happens.
        """
        job = Future()
        job.add_done_callback(lambda job: self._on_loop(lambda: deliver(job)))
        token, work = [None], in_this_context(work)

        def do():
            if _taken(token):
                _do(work, job)

        try:
            self._executor.submit(do)
        except Exception as error:
            if _taken(token):
                job.set_exception(NoThread("no thread can be started: %s" % error))

    def _on_loop(self, callback):  # From a worker thread.
        try:
            self.io_loop.add_callback(callback)
        except RuntimeError:
            pass  # The IOLoop was closed meanwhile, and with it the call.

    def _deliver(self, exchange, blocking, job):
        error = job.exception()
        if error is None:
            exchange.body_received(job.result())
            exchange.succeed()
        else:
            self._failed(exchange, blocking, error)
        self._finished(exchange)

    def _failed(self, exchange, blocking, error):
        """``exchange`` failed with ``error``, raised in a worker thread."""
        if blocking.upload is not None and blocking.upload.error is error:
            exchange.raised(error)
            return
        phase, error_class, what = translate(error)
        if isinstance(error, NoThread) and exchange.head is not None:
            phase, error_class = "read", exceptions.ReadError
        if exchange.timeouts.phase != "send" or phase != "read":
            exchange.timeouts.phase = phase
        if error_class is exceptions.ConnectTimeout:
            exchange.timeouts.connect_timed_out(error)
        elif error_class is exceptions.ReadTimeout:
            exchange.timeouts.read_timed_out(error)
        else:
            exchange.fail(error_class, what, error)

    # In a worker thread

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

    def _release(self):
        # Resolve now: waiting for threads, which cannot be stopped, could take forever.
        self._executor.shutdown(wait=False)
        for adapter in list(self._adapters):
            adapter.close()  # Closes idle connections; the others when their thread has finished.
        resolve(self._released, None)


def _taken(token):
    # type: (list) -> bool
    """Whether this is the first call for ``token``; atomic."""
    try:
        token.pop()
    except IndexError:
        return False
    return True


def _do(work, job):
    try:
        result = work()
    except BaseException as error:
        job.set_exception(error)
    else:
        job.set_result(result)
