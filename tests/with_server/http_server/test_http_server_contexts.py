"""What the application sees of contexts, and what of a request stays in memory."""

from __future__ import absolute_import, division, print_function

import gc
import weakref

import pytest
import tornado.web
from gates import Gate
from programs import wait_until
from raw_responses import ResponseReader
from served_http import ServedHTTP
from tornado import gen, httputil

from waterspout._compat import PY2

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"


def answer(connection, body=b"ok"):
    connection.write_headers(
        httputil.ResponseStartLine("HTTP/1.1", 200, "OK"),
        httputil.HTTPHeaders({"Content-Length": str(len(body))}), body)
    connection.finish()


@pytest.mark.skipif(PY2, reason="no contextvars")
class TestContextVars(object):
    @pytest.fixture
    def variable(self):
        import contextvars

        return contextvars.ContextVar("variable", default="unset")

    def test_value_of_a_request_is_not_seen_by_another(self, variable):
        seen = []

        def callback(request):
            seen.append(variable.get())
            variable.set("set by a request")
            answer(request.connection)

        with ServedHTTP(callback) as server:
            sock = server.connect()
            sock.sendall(GET + GET)
            reader = ResponseReader(sock)
            assert [reader.read().body for _ in range(2)] == [b"ok", b"ok"]
            for data in (GET, POST):
                sock.sendall(data)
                assert reader.read().body == b"ok"
            other = server.connect()
            other.sendall(GET)
            assert ResponseReader(other).read().body == b"ok"
        assert seen == 5 * ["unset"]

    def test_value_of_a_coroutine_is_not_seen_by_the_next_request(self, variable):
        seen = []

        class Handler(tornado.web.RequestHandler):
            @gen.coroutine
            def get(self):
                seen.append(variable.get())
                variable.set("set by a request")
                yield gen.moment
                self.write(b"x" * 100)
                yield self.flush()
                self.write(b"x" * 1000000)

        with ServedHTTP(tornado.web.Application([("/", Handler)])) as server:
            sock = server.connect()
            reader = ResponseReader(sock)
            sock.sendall(GET + GET)
            for _ in range(2):
                assert len(reader.read().body) == 1000100
            sock.sendall(GET)
            assert len(reader.read().body) == 1000100
        assert seen == 3 * ["unset"]

    def test_value_from_before_listen_is_seen(self, variable):
        seen = []

        def callback(request):
            seen.append(variable.get())
            answer(request.connection)

        def make():
            variable.set("set before")
            return callback

        with ServedHTTP(make=make) as server:
            sock = server.connect()
            reader = ResponseReader(sock)
            for _ in range(2):
                sock.sendall(GET)
                assert reader.read().body == b"ok"
        assert seen == 2 * ["set before"]

    def test_all_parts_of_one_request_share_a_context(self, variable):
        seen = []

        class App(httputil.HTTPServerConnectionDelegate):
            def start_request(self, server_conn, request_conn):
                variable.set("of this request")
                return Delegate(request_conn)

        class Delegate(httputil.HTTPMessageDelegate):
            def __init__(self, connection):
                self.connection = connection

            def headers_received(self, start_line, headers):
                seen.append(variable.get())
                self.connection.set_close_callback(lambda: seen.append(variable.get()))

            def data_received(self, chunk):
                seen.append(variable.get())

            def finish(self):
                seen.append(variable.get())

        with ServedHTTP(App()) as server:
            sock = server.connect()
            sock.sendall(POST)
            wait_until(lambda: len(seen) == 3)
            sock.close()
            wait_until(lambda: len(seen) == 4)
        assert seen == 4 * ["of this request"]


@pytest.mark.skipif(not PY2, reason="Tornado 5.1 only")
class TestStackContexts(object):
    def test_context_of_a_request_does_not_leak_into_another(self):
        from tornado.stack_context import StackContext, _state

        depths = []

        class Handler(tornado.web.RequestHandler):
            @tornado.web.asynchronous
            def get(self):
                depths.append(len(_state.contexts[0]))
                with StackContext(lambda: NoContext()):
                    self.request.connection.set_close_callback(lambda: None)
                    self.write(b"one")
                    self.flush(callback=self.flushed)

            def flushed(self):
                depths.append(("flushed", len(_state.contexts[0])))
                self.finish(b"two")

            @gen.coroutine
            def post(self):
                depths.append(len(_state.contexts[0]))
                with StackContext(lambda: NoContext()):
                    self.finish(b"post")

        with ServedHTTP(tornado.web.Application([("/", Handler)])) as server:
            sock = server.connect()
            reader = ResponseReader(sock)
            sock.sendall(GET + GET + POST + POST + GET)
            bodies = [reader.read().body for _ in range(5)]
            sock.sendall(GET + POST)
            bodies += [reader.read().body for _ in range(2)]
            assert bodies == ["onetwo"] * 2 + ["post"] * 2 + ["onetwo"] * 2 + ["post"]
        assert len(set(depth for depth in depths if isinstance(depth, int))) == 1, depths
        # Callbacks run in the context of the call that named them.
        inner = set(depth for depth in depths if not isinstance(depth, int))
        assert inner == set([("flushed", depths[0] + 1)])

    def test_close_callback_runs_in_the_context_of_its_request(self):
        from tornado.stack_context import StackContext, _state

        depths = []

        def callback(request):
            depths.append(len(_state.contexts[0]))
            with StackContext(lambda: NoContext()):
                request.connection.set_close_callback(
                    lambda: depths.append(len(_state.contexts[0])))

        with ServedHTTP(callback) as server:
            sock = server.connect()
            sock.sendall(GET)
            wait_until(lambda: depths)
            sock.close()
            wait_until(lambda: len(depths) == 2)
            other = server.connect()
            other.sendall(GET)
            wait_until(lambda: len(depths) == 3)
        assert depths[:3] == [depths[0], depths[0] + 1, depths[0]]


class NoContext(object):
    def __enter__(self):
        pass

    def __exit__(self, *exc_info):
        pass


@pytest.fixture
def no_gc():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Kept(object):
    """Handlers, by weak reference."""

    def __init__(self, gate=None):
        kept = self.references = []

        class Handler(tornado.web.RequestHandler):
            def initialize(self):
                kept.append(weakref.ref(self))

            @gen.coroutine
            def get(self):
                if gate is not None:
                    yield gate()
                self.write(b"x" * 1000)

            @gen.coroutine
            def post(self):
                self.write(b"x" * 3000000)
                yield self.flush()

        self.application = tornado.web.Application([("/", Handler)])

    def alive(self):
        return [reference for reference in self.references if reference() is not None]


@pytest.mark.parametrize("data", [GET, POST], ids=["get", "large streamed post"])
def test_handler_is_freed_when_its_response_is_sent(no_gc, data):
    kept = Kept()
    with ServedHTTP(kept.application) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        for _ in range(3):
            sock.sendall(data)
            assert reader.read().status == 200
        # The connection stays open, and idle.
        server.wait_for(lambda: kept.alive() == [])
        assert len(kept.references) == 3


def test_handler_is_freed_when_the_client_has_left(no_gc):
    gate = Gate()
    kept = Kept(gate)
    with ServedHTTP(kept.application) as server:
        sock = server.connect()
        sock.sendall(GET)
        future = gate.wait()
        sock.close()
        server.wait_for(lambda: [
            each.has_ended for each in server.server._connections] in ([], [True]))
        server.resolve(future)
        del future, gate.futures[:]
        server.wait_for_stats(connections=0, active=0)
        server.wait_for(lambda: kept.alive() == [])


def test_connection_is_freed_when_it_is_closed(no_gc):
    with ServedHTTP(Kept().application) as server:
        sock = server.connect()
        sock.sendall(GET + b"bad\r\n\r\n")
        ResponseReader(sock).rest()
        reference = weakref.ref(server.call(lambda: next(iter(server.server._connections), None))
                                or NoContext())
        sock.close()
        server.wait_for_stats(connections=0)
        server.wait_for(lambda: reference() is None)
