"""A PooledHTTPClient that a test calls as if it blocked."""

from __future__ import absolute_import, division, print_function

from client_fixtures import until
from raw_server import PATIENCE
from tornado import gen

from waterspout import PooledHTTPClient


class BlockingClient(object):
    """A client of its own on ``io_loop``; ``options`` are those of its class, ``kind``."""

    def __init__(self, io_loop, kind=PooledHTTPClient, **options):
        self.io_loop = io_loop
        self.client = self.run(lambda: kind(force_instance=True, **options))

    def run(self, function):
        """What ``function`` returns on the loop; if that is a Future, what comes of it."""

        @gen.coroutine
        def call():
            result = function()
            if gen.is_future(result):
                result = yield result
            raise gen.Return(result)

        return self.io_loop.run_sync(call, timeout=PATIENCE)

    def fetch(self, url, **options):
        """The HTTPResponse, or the error that it raises."""
        return self.run(lambda: self.client.fetch(url, **options))

    def begin(self, url, **options):
        """The Future of a fetch that is under way."""
        return self.begin_all([url], **options)[0]

    def begin_all(self, urls, **options):
        """The Futures of fetches that begin one after the other, before anything else runs."""
        futures = self.run(lambda: [self.client.fetch(url, **options) for url in urls])
        for future in futures:  # A test need not look at what becomes of it.
            future.add_done_callback(lambda future: future.cancelled() or future.exception())
        return futures

    def wait_for(self, future):
        return self.run(lambda: future)

    def wait_until(self, condition):
        self.run(lambda: until(condition))

    def counts(self):
        """The `stats` of all origins, added up."""
        total = {}
        for counts in self.client.stats().values():
            for name, count in counts.items():
                total[name] = total.get(name, 0) + count
        return total

    def close(self):
        self.run(self.client.close)
