"""Every kind of call that the benchmark measures works."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen
from tornado.ioloop import IOLoop
from tornado.testing import AsyncTestCase, bind_unused_port, gen_test

from benchmarks import cases, clients, server
from benchmarks.clients.base import WrongAnswer
from benchmarks.load import Load

#: Those whose packages the tests install; the others are installed by ``make bench``.
NAMES = ("session-pooled", "session-tornado", "fetch-pooled", "fetch-simple", "requests-session")

WORKERS, CALLS = 3, 7


class BenchmarkCallsTest(AsyncTestCase):
    def setUp(self):
        super(BenchmarkCallsTest, self).setUp()
        listening, port = bind_unused_port()
        listening.setblocking(False)
        server.accept_on(IOLoop.current(), listening)
        self.addCleanup(listening.close)
        self.upstream = "http://127.0.0.1:%d" % port

    @gen.coroutine
    def make_calls(self, name, kind):
        """Make CALLS calls; return the load, or None if the client lacks this kind."""
        entry = clients.named(name)
        case = cases.Case(kind, WORKERS)
        client = clients.load(entry)(case, self.upstream, entry.option)
        load = None
        try:
            if kind.name not in client.lacks:
                load = Load(client.shape(kind), WORKERS)
                yield load.run(CALLS)
        finally:
            closing = client.close()
            if closing is not None:
                yield closing
        raise gen.Return(load)

    @gen_test
    def test_each_client_makes_each_kind_of_call(self):
        for name in NAMES:
            if name.startswith("requests"):
                pytest.importorskip("requests")
            for kind in cases.KINDS:
                load = yield self.make_calls(name, kind)
                if load is not None:
                    assert load.done == CALLS, (name, kind.name)
                    assert next(load.numbers) == CALLS + 1

    @gen_test
    def test_a_body_of_another_length_ends_the_run(self):
        kind = cases.Case.named("get-64").kind._replace(path="/64k")
        client = clients.load(clients.named("session-pooled"))(
            cases.Case(kind, 1), self.upstream, "pooled")
        client.url = self.upstream + "/json"
        with pytest.raises(WrongAnswer):
            yield Load(client.shape(kind), 1).run(1)
        yield client.close()
