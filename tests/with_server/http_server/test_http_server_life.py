"""The life of a server: starting, forking, stopping, closing, and running out of descriptors."""

from __future__ import absolute_import, division, print_function

import os
import re
import signal
import socket

import pytest
from gates import Gate
from noting_delegates import NotingApplication
from programs import Program, children_of, wait_until
from raw_responses import ResponseReader
from served_http import BOTH, ServedHTTP
from serving_apps import application
from tornado import netutil

GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
LATE = b"GET /late HTTP/1.1\r\nHost: a\r\n\r\n"


def ask(port, data=GET):
    sock = socket.create_connection(("127.0.0.1", port), 30)
    sock.sendall(data)
    response = ResponseReader(sock).read()
    sock.close()
    return response


def port_of(server):
    return next(iter(server._sockets.values())).getsockname()[1]


# Listening


@pytest.mark.parametrize("server_class", BOTH)
def test_listen_and_add_socket(server_class):
    with ServedHTTP(application(), server_class) as server:
        more = netutil.bind_sockets(0, "127.0.0.1")

        def listen():
            other = server_class(application())
            other.listen(0, "127.0.0.1")
            port = port_of(other)
            other.add_socket(more[0])
            return other, port

        other, port = server.call(listen)
        for each in (port, more[0].getsockname()[1]):
            assert ask(each).status == 200
        server.call(other.stop)
        with pytest.raises(socket.error):
            ask(port)


def test_listen_has_the_arguments_of_newer_tornados():
    with ServedHTTP(application()) as server:
        def listen():
            first, second = type(server.server)(application()), type(server.server)(application())
            first.listen(0, address="127.0.0.1", backlog=5, flags=0, reuse_port=True)
            second.listen(port_of(first), address="127.0.0.1", reuse_port=True)
            second.stop()
            return first, port_of(first)

        first, port = server.call(listen)
        assert ask(port).status == 200
        server.call(first.stop)


def test_bind_and_start_in_one_process():
    with ServedHTTP(application()) as server:
        def start():
            other = type(server.server)(application())
            other.bind(0, "127.0.0.1", reuse_port=True)
            other.start()
            other.bind(0, "127.0.0.1")  # It has been started: it listens at once.
            return other, [sock.getsockname()[1] for sock in other._sockets.values()]

        other, ports = server.call(start)
        assert [ask(port).status for port in ports] == [200, 200]
        server.call(other.stop)


FORKING = """
import os, signal, sys
import tornado.httpserver, tornado.ioloop, tornado.web, tornado.netutil
tornado.httpserver.HTTPServer.configure("waterspout.HTTPServer")

class Pid(tornado.web.RequestHandler):
    def get(self):
        self.write(str(os.getpid()))

server = tornado.httpserver.HTTPServer(tornado.web.Application([("/", Pid)]))
server.bind(0, "127.0.0.1")
print("port %d" % server._pending_sockets[0].getsockname()[1])
sys.stdout.flush()
server.start(2)
signal.signal(signal.SIGTERM, lambda *ignored: os._exit(0))
tornado.ioloop.IOLoop.current().start()
"""


def test_start_of_two_processes_serves_in_both():
    with Program(["-c", FORKING]) as program:
        port = int(program.search("port ([0-9]+)").group(1))
        children = wait_until(lambda: len(children_of(program.pid)) == 2 and children_of(
            program.pid), "two processes")
        for child, other in (children, reversed(children)):
            os.kill(other, signal.SIGSTOP)  # Then only one of them can answer.
            assert int(ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").body) == child
            os.kill(other, signal.SIGCONT)
        os.kill(children[0], signal.SIGKILL)  # It is started again, as Tornado does it.
        os.kill(children[1], signal.SIGSTOP)
        restarted = wait_until(
            lambda: set(children_of(program.pid)).difference(children), "another process").pop()
        assert int(ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").body) == restarted


# Stopping


def test_stop_refuses_new_connections_and_keeps_open_ones():
    with ServedHTTP(application()) as server:
        sock = server.connect()
        reader = ResponseReader(sock)
        sock.sendall(GET)
        assert reader.read().status == 200
        server.call(server.server.stop)
        with pytest.raises(socket.error):
            server.connect()
        sock.sendall(GET)
        assert reader.read().status == 200


def test_stopped_server_can_listen_again():
    with ServedHTTP(application()) as server:
        server.call(server.server.stop)
        server.call(server.server.close_all_connections)

        def again():
            sockets = netutil.bind_sockets(0, "127.0.0.1")
            server.server.add_sockets(sockets)
            return sockets[0].getsockname()[1]

        port = server.call(again)
        assert ask(port).status == 200


def test_connections_that_wait_are_accepted_before_stop():
    with ServedHTTP(application()) as server:
        socks = []

        def connect_and_stop():
            for _ in range(20):
                socks.append(server.connect())
                socks[-1].sendall(GET)
            server.server.accept_waiting()
            server.server.stop()

        server.call(connect_and_stop)
        for sock in socks:
            assert ResponseReader(sock).read().status == 200


@pytest.mark.parametrize("situation", [
    b"", b"GET / HT", GET, LATE, LATE + GET,
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab",
    b"GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n", b"bad\r\n\r\n",
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n",
])
def test_all_connections_are_closed_in_any_situation(situation):
    gate = Gate()
    with ServedHTTP(application(gate)) as server:
        socks = [server.connect() for _ in range(3)]
        for sock in socks:
            sock.sendall(situation)
        if LATE in situation:
            for _ in range(3):
                gate.wait()
        else:
            server.wait_for_stats(connections=3)
        future = server.call(server.server.close_all_connections)
        server.wait_for(future.done)
        assert server.call(server.server.stats)["connections"] == 0
        assert server.call(server.server.stats)["active"] == 0
        for sock in socks:
            try:
                ResponseReader(sock).rest()
            except socket.error:  # Reset: unread bytes were there.
                pass
        server.call(gate.open)
        sock = server.connect()
        sock.sendall(GET)
        assert ResponseReader(sock).read().status == 200


def test_connections_can_be_closed_from_within_a_handler():
    def close(delegate, *ignored):
        server.server.close_all_connections()
        return None

    for step in ("start_request", "headers_received", "data_received", "finish",
                 "on_connection_close"):
        app = NotingApplication(**{step: close})
        with ServedHTTP(app) as server:
            sock = server.connect()
            sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
            if step == "on_connection_close":
                sock = server.connect()
                sock.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")
                sock.shutdown(socket.SHUT_WR)
            try:
                ResponseReader(sock).rest()
            except socket.error:
                pass
            server.wait_for_stats(connections=0, active=0)


# Running out of descriptors


STARVING = """
import resource, sys, time
import tornado.httpserver, tornado.ioloop, tornado.web
import waterspout

class Now(tornado.web.RequestHandler):
    def get(self):
        self.write(repr(time.process_time() if hasattr(time, "process_time") else time.clock()))

resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
server = waterspout.HTTPServer(tornado.web.Application([("/", Now)]))
server.listen(0, "127.0.0.1")
print("port %d" % next(iter(server._sockets.values())).getsockname()[1])
sys.stdout.flush()
tornado.ioloop.IOLoop.current().start()
"""


def test_full_process_pauses_without_work_and_logs_two_lines():
    with Program(["-c", "import logging; logging.basicConfig(level=logging.INFO)\n" + STARVING]
                 ) as program:
        port = int(program.search("port ([0-9]+)").group(1))
        first = socket.create_connection(("127.0.0.1", port), 30)
        reader = ResponseReader(first)

        def cpu_seconds():
            first.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            return float(reader.read().body)

        cpu_seconds()
        socks = [socket.create_connection(("127.0.0.1", port), 30) for _ in range(60)]
        wait_until(lambda: "Accepting no connections for now" in program.errors, "a log line")
        before = cpu_seconds()
        waiting = socks[-1]
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        waiting.settimeout(1.2)  # More than two tries to accept.
        with pytest.raises(socket.timeout):
            waiting.recv(1)
        assert cpu_seconds() - before < 0.2
        for sock in socks[:-1]:
            sock.close()
        waiting.settimeout(30)
        assert ResponseReader(waiting).read().status == 200
        waiting.close()
        wait_until(lambda: "Accepting connections again" in program.errors, "a log line")
        lines = [line for line in program.errors.splitlines() if "Accepting" in line]
        assert len(lines) == 2, lines
        assert re.search("Too many open files", lines[0])
