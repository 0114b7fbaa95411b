"""What no transport lets through: too much, two voices about a length, secrets in errors."""

from __future__ import absolute_import, division, print_function

import gzip
import io

from tornado import gen, web
from tornado.ioloop import IOLoop
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout
from waterspout.exceptions import InvalidURL, ResponseTooLarge, Unsupported


class Small(web.RequestHandler):
    def get(self):
        self.write(b"x" * 100)


class Unchanged(web.RequestHandler):
    def get(self):
        self.set_status(304)
        self.set_header("Content-Length", "1000")


class Echo(web.RequestHandler):
    def post(self):
        self.write({
            "length": self.request.headers.get_list("Content-Length"),
            "coding": self.request.headers.get_list("Transfer-Encoding"),
            "body": self.request.body.decode("ascii"),
        })


class Trickle(web.RequestHandler):
    @gen.coroutine
    def get(self, pieces):
        for _ in range(int(pieces)):
            self.write(b"x")
            yield self.flush()


class Padded(web.RequestHandler):
    def get(self):
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb") as archive:
            archive.write(b"hello")
        self.set_header("Content-Encoding", "gzip")
        self.write(packed.getvalue() + b"\0\0\0\0")


class NoContent(web.RequestHandler):
    def delete(self):
        self.set_status(204)


class SessionTest(AsyncHTTPTestCase):
    def get_app(self):
        return web.Application([
            (r"/small", Small),
            (r"/304", Unchanged),
            (r"/echo", Echo),
            (r"/trickle/(\d+)", Trickle),
            (r"/padded", Padded),
            (r"/none", NoContent),
        ])

    def sessions(self, **options):
        for name in waterspout.TRANSPORTS:
            try:
                session = waterspout.Session(transport=name, timeout=5, **options)
            except waterspout.TransportUnavailable:
                continue
            yield session
            session.close()

    @gen_test
    def test_body_that_is_too_large_in_one_read_ends_the_call(self):
        """The end of the response does not come before the limit."""
        for session in self.sessions(max_body_bytes=10):
            with self.assertRaises(ResponseTooLarge):
                yield session.get(self.get_url("/small"))

    @gen_test
    def test_a_content_length_of_304_is_no_body(self):
        """304 may say how long the body is that it does not have."""
        for session in self.sessions(max_body_bytes=10):
            response = yield session.get(self.get_url("/304"))
            self.assertEqual((response.status_code, response.content), (304, b""))

    @gen_test
    def test_given_framing_headers_are_ignored(self):
        """A caller's Transfer-Encoding beside our Content-Length would smuggle requests."""
        body = "0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n"
        for session in self.sessions():
            response = yield session.post(
                self.get_url("/echo"),
                data=body,
                headers={"Transfer-Encoding": "chunked", "Content-Length": "1"},
            )
            self.assertEqual(
                response.json(), {"length": [str(len(body))], "coding": [], "body": body})

    @gen_test
    def test_padding_after_gzip_is_dropped(self):
        """As in requests."""
        for session in self.sessions():
            response = yield session.get(self.get_url("/padded"))
            self.assertEqual(response.content, b"hello")

    @gen_test
    def test_small_pieces_are_joined_to_the_chunk_size(self):
        """However many pieces one of the size asked for is made of."""
        session = waterspout.Session(transport="pooled", timeout=10)
        response = yield session.get(self.get_url("/trickle/3000"), stream=True)
        piece = yield response.iter_content(1 << 16).next()
        self.assertEqual(piece, b"x" * 3000)
        response = yield session.get(self.get_url("/small"))
        with self.assertRaises(ValueError):
            response.iter_content(0)
        session.close()

    @gen_test
    def test_session_headers_may_be_replaced(self):
        """By a plain mapping, as with requests."""
        session = waterspout.Session(transport="pooled")
        session.headers = {"X-Own": "1"}
        response = yield session.get(self.get_url("/small"))
        self.assertEqual(response.request.headers, {"X-Own": "1"})
        session.close()

    @gen_test
    def test_fetch_async_resolves_204_to_none(self):
        """204 has no JSON, and is no failure."""
        sdk = waterspout.BaseSDK(self.get_url("/"), org=1)
        answer = yield sdk.fetch_async("DELETE", "/none")
        self.assertIsNone(answer)
        sdk.close()

    @gen_test
    def test_errors_of_arguments_come_through_the_future_of_an_sdk(self):
        """Also those of a transport, so that errors="empty" holds."""
        sdk = waterspout.BaseSDK(self.get_url("/"), org=1, transport="tornado", errors="empty",
                                 unix_socket="/no/socket")
        answer = yield sdk.fetch_async("GET", "/echo")
        self.assertEqual(answer, {})
        sdk.errors = "raise"
        with self.assertRaises(Unsupported):
            yield sdk.fetch_async("GET", "/echo")
        sdk.close()

    @gen_test
    def test_missing_path_argument_is_refused(self):
        """None is no segment called None."""
        sdk = waterspout.BaseSDK(self.get_url("/"), org=1)
        with self.assertRaises(InvalidURL):
            yield sdk.fetch_async("DELETE", "/o/{id}", path={"id": None})
        sdk.close()


def test_errors_about_urls_show_no_secrets():
    """Neither password nor query."""
    for url in ("http://u:s3cret@h:99999/?t=s3cret", "ftp://u:s3cret@h/#s3cret", "u:s3cret@h"):
        try:
            waterspout.PreparedRequest("GET", url)
        except ValueError as error:
            assert "s3cret" not in str(error)
        else:
            raise AssertionError(url)


def test_a_base_url_with_credentials_or_query_is_refused():
    """Credentials and queries are refused, not lost."""
    for host in ("http://u:p@h/", "h/?a=1", "h/#a"):
        try:
            waterspout.BaseSDK(host, org=1)
        except InvalidURL:
            continue
        raise AssertionError(host)


def test_sessions_forget_loops_that_were_closed():
    """One loop after the other leaves nothing behind in a session that outlives them."""
    session = waterspout.Session(transport="pooled")
    for _ in range(3):
        io_loop = IOLoop()
        io_loop.make_current()

        @gen.coroutine
        def call():
            try:
                yield session.get("http://127.0.0.1:1/")
            except waterspout.ConnectError:
                pass

        io_loop.run_sync(call)
        io_loop.close()
    assert len(session._transports) == 1
