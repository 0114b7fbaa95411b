"""Applications for tests of an HTTPServer."""

from __future__ import absolute_import, division, print_function

import tornado.web
from tornado import gen, httputil


class Echo(tornado.web.RequestHandler):
    """Answers any method with what it got: method, path and body."""

    SUPPORTED_METHODS = tornado.web.RequestHandler.SUPPORTED_METHODS + ("BREW",)

    def _answer(self):
        self.write("%s %s " % (self.request.method, self.request.uri))
        self.write(self.request.body)

    get = post = put = delete = patch = options = brew = head = _answer


class Late(tornado.web.RequestHandler):
    """Answers when the test opens its gate."""

    def initialize(self, gate):
        self._gate = gate

    @gen.coroutine
    def get(self):
        yield self._gate()
        self.write("late")

    @gen.coroutine
    def post(self):
        yield self._gate()
        self.write(self.request.body)


class Status(tornado.web.RequestHandler):
    """Answers with the status in its path, without a body."""

    def get(self, status):
        self.set_status(int(status))
        if status == "304":
            self.set_header("ETag", '"x"')


class Hints(tornado.web.RequestHandler):
    """Sends 103 Early Hints before its answer."""

    def get(self):
        self.request.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 103, "Early Hints"),
            httputil.HTTPHeaders({"Link": "</a.css>; rel=preload"}))
        self.write("final")


class Pieces(tornado.web.RequestHandler):
    """Sends its body in three pieces, each flushed."""

    @gen.coroutine
    def get(self):
        for piece in (b"one ", b"two ", b"three"):
            self.write(piece)
            yield self.flush()

    head = get


def application(gate=None, **settings):
    """An application with all of these handlers."""
    return tornado.web.Application([
        ("/late", Late, {"gate": gate}),
        ("/status/([0-9]+)", Status),
        ("/hints", Hints),
        ("/pieces", Pieces),
        (".*", Echo),
    ], **settings)
