"""ThreadBodyReader: reads a streamed response body in worker threads, one piece at a time."""

from __future__ import absolute_import, division, print_function


class ThreadBodyReader(object):
    """Reads the next piece in a thread when the reader wants one; no thread is held in between.

    A thread that reads cannot be stopped: an exchange that ends meanwhile is closed afterwards.

    Args:
        exchange (StreamedBorrowedExchange), blocking (BlockingExchange): the two ends.
        run (callable): ``run(work, deliver)`` calls them in a worker thread and on the IOLoop.
        failed (callable): called with the exchange and the error that a thread raised.
        finished (callable): called with the exchange when its place is free.
    """

    def __init__(self, exchange, blocking, run, failed, finished):
        # type: (StreamedBorrowedExchange, BlockingExchange, Callable, Callable, Callable) -> None
        self._exchange = exchange
        self._blocking = blocking
        self._run = run
        self._failed = failed
        self._finished = finished

    def begin(self, adapter_for):
        # type: (Callable[[Optional[Route]], RouteAdapter]) -> None
        """Send the request; ``adapter_for(route)`` gives the thread's own adapter."""
        self._run(lambda: self._blocking.open(adapter_for), self._opened)

    def _opened(self, job):
        if self._ended_by(job):
            return
        exchange = self._exchange
        exchange.resumed = self._go_on
        exchange.begin()
        self._go_on()

    def _go_on(self):
        if self._exchange.over:
            self._blocking.close()  # Here, because a closed session has no threads any more.
            self._finished(self._exchange)
        elif not self._exchange.paused:
            self._run(self._blocking.read, self._came)

    def _came(self, job):
        if self._ended_by(job):
            return
        exchange = self._exchange
        if job.result():
            exchange.body_received(job.result())
            self._go_on()
        else:
            exchange.succeed()
            self._finished(exchange)

    def _ended_by(self, job):
        error = job.exception()
        if error is not None:
            self._failed(self._exchange, self._blocking, error)
            self._finished(self._exchange)
        return error is not None
