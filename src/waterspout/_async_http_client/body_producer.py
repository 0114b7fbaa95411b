"""ProducerBodySource: a request body from Tornado's ``body_producer``."""

from __future__ import absolute_import, division, print_function

from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError

from waterspout._compat import Future, reject, resolve
from waterspout._net.body_sources import BodySource


class ProducerBodySource(BodySource):
    """A body that ``producer`` writes.

    Args:
        producer (callable): called with a function that takes bytes and returns a Future, done
            when they were sent. It returns a Future, or None if it has written everything.
        length (int or None): bytes in all, if the caller gave a Content-Length.
    """

    def __init__(self, producer, length):
        # type: (Callable, Optional[int]) -> None
        self.length = length
        self._produce = producer
        self._upload = None
        self._waiting = []  # type: List[Future[None]]  # Of writes that were not sent yet.

    def start(self, upload):
        self._upload = upload
        produced = self._produce(self._write)
        if produced is None:
            self._end()
        else:
            IOLoop.current().add_future(produced, self._produced)

    def drained(self):
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            resolve(future, None)

    def stop(self):
        self._upload = None
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            _fail_quietly(future)

    def _write(self, data):
        # type: (bytes) -> Future[None]
        if not isinstance(data, bytes):
            raise TypeError("a body must be bytes, not %s" % type(data).__name__)
        future = Future()
        if self._upload is None:
            _fail_quietly(future)
        else:
            self._waiting.append(future)
            self._upload.write(data)
        return future

    def _produced(self, future):
        # The error is retrieved even if the body is not wanted any more, or it would be logged.
        error = StreamClosedError() if future.cancelled() else future.exception()
        if error is None:
            self._end()
        elif self._upload is not None:
            self._upload.body_failed(error)

    def _end(self):
        upload, self._upload = self._upload, None
        self.drained()
        if upload is not None:
            upload.end_body()


def _fail_quietly(future):
    # type: (Future[None]) -> None
    """Fail ``future`` without a log entry if the producer never retrieves the error."""
    reject(future, StreamClosedError())
    future.exception()
