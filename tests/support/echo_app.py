"""An application that answers with what it was asked, for comparing ways to call it."""

from __future__ import absolute_import, division, print_function

import base64

from tornado import gen, httputil, web


class Echo(web.RequestHandler):
    """Answers with every part of the request that a handler can see, in JSON."""

    def prepare(self):
        request = self.request
        self.set_header("X-Echo", "yes")
        self.add_header("X-Twice", "1")
        self.add_header("X-Twice", "2")
        self.write({
            "method": request.method,
            "uri": request.uri,
            "path": request.path,
            "query": request.query,
            "version": request.version,
            "host": request.host,
            "fields": [list(pair) for pair in request.headers.get_all()],
            "body": base64.b64encode(request.body).decode("ascii"),
            "remote_ip": request.remote_ip,
            "protocol": request.protocol,
            "arguments": sorted(request.arguments),
            "files": sorted(request.files),
            "cookies": sorted(request.cookies),
        })
        if request.method != "HEAD":
            self.finish()

    def head(self, path):
        pass


@web.stream_request_body
class StreamedEcho(web.RequestHandler):
    """Answers with the body, which it takes slowly, piece by piece."""

    def prepare(self):
        self.pieces = []

    @gen.coroutine
    def data_received(self, chunk):
        yield gen.moment
        self.pieces.append(chunk)

    def post(self):
        self.finish(b"".join(self.pieces))

    put = post


@web.stream_request_body
class Refuses(web.RequestHandler):
    """Answers before the body has arrived."""

    def prepare(self):
        self.set_status(401)
        self.finish(b"not you")

    def data_received(self, chunk):
        pass


@web.stream_request_body
class Limited(StreamedEcho):
    """Takes a body of 1,000 bytes."""

    def prepare(self):
        super(Limited, self).prepare()
        self.request.connection.set_max_body_size(1000)


class Hints(web.RequestHandler):
    """Sends an informational response before the final one."""

    def get(self):
        self.request.connection.write_headers(
            httputil.ResponseStartLine("HTTP/1.1", 103, "Early Hints"),
            httputil.HTTPHeaders({"Link": "</style.css>; rel=preload"}))
        self.write(b"final")


class Status(web.RequestHandler):
    """Answers with the status in the path, and a body where one is allowed."""

    def get(self, status_code):
        self.set_status(int(status_code))
        self.set_header("Location", "/elsewhere")
        if int(status_code) not in (204, 304):
            self.write(b"status " + status_code.encode("ascii"))

    head = post = get


class Chunks(web.RequestHandler):
    """Answers in pieces, chunked."""

    @gen.coroutine
    def get(self, count):
        for number in range(int(count)):
            self.write(b"%d;" % number * 1000)
            yield self.flush()

    head = get


class Fails(web.RequestHandler):

    def get(self):
        raise web.HTTPError(418, reason="No coffee")


def echo_app(**settings):
    """The application; its paths are those below."""
    return web.Application([
        (r"/streamed", StreamedEcho),
        (r"/refuses", Refuses),
        (r"/limited", Limited),
        (r"/hints", Hints),
        (r"/status/(\d+)", Status),
        (r"/chunks/(\d+)", Chunks),
        (r"/fails", Fails),
        (r"/(.*)", Echo),
    ], **settings)
