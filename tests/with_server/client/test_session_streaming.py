"""Bodies that are read as they are sent, and sent as they are read."""

from __future__ import absolute_import, division, print_function

import gc
import gzip
import io
import os
import re
import tempfile

from client_fixtures import needs
from differences import LIMITS
from tornado import gen, web
from tornado.iostream import StreamClosedError
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout
from waterspout.exceptions import (
    ReadError,
    ResponseNotRead,
    StreamClosed,
    StreamConsumedError,
    UnrewindableBodyError,
    Unsupported,
)

PIECE = b"0123456789abcdef" * 4096  # 64 KiB


class Download(web.RequestHandler):
    sent = 0

    @gen.coroutine
    def get(self, pieces):
        Download.sent = 0
        try:
            for _ in range(int(pieces)):
                self.write(PIECE)
                yield self.flush()
                Download.sent += len(PIECE)
        except StreamClosedError:
            pass


class CutShort(web.RequestHandler):
    @gen.coroutine
    def get(self):
        self.set_header("Content-Length", "1000000")
        self.write(PIECE)
        yield self.flush()
        self.request.connection.stream.close()


class Gzip(web.RequestHandler):
    def get(self):
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb") as archive:
            archive.write(PIECE * 10)
        self.set_header("Content-Encoding", "gzip")
        self.write(packed.getvalue())


class Upload(web.RequestHandler):
    def post(self):
        self.write({
            "bytes": len(self.request.body),
            "length": self.request.headers.get("Content-Length"),
            "coding": self.request.headers.get("Transfer-Encoding"),
        })


class Redirect(web.RequestHandler):
    def post(self, status):
        self.redirect("/upload", status=int(status))

    def get(self, status):
        self.redirect("/download/1", status=int(status))


class StreamingTests(object):
    """What holds on every transport; each has its class below."""

    transport = None

    def get_app(self):
        return web.Application([
            (r"/download/(\d+)", Download),
            (r"/cut", CutShort),
            (r"/gzip", Gzip),
            (r"/upload", Upload),
            (r"/redirect/(\d+)", Redirect),
        ])

    def setUp(self):
        super(StreamingTests, self).setUp()
        needs(self.transport)
        self.session = waterspout.Session(transport=self.transport, timeout=5)

    def tearDown(self):
        self.io_loop.run_sync(self.session.close)
        super(StreamingTests, self).tearDown()

    def active(self):
        (transport,) = self.session._transports.values()
        return int(re.search(r"active=(\d+)", repr(transport)).group(1))

    @gen.coroutine
    def idle(self):
        """Wait until no exchange holds a place."""
        while self.active():
            yield gen.sleep(0.002)

    def get(self, path, **kwargs):
        return self.session.get(self.get_url(path), stream=True, **kwargs)

    def post(self, path, data):
        return self.session.post(self.get_url(path), data=data)

    def post_futures(self):
        @gen.coroutine
        def produce():
            yield gen.moment
            raise gen.Return(PIECE)

        return self.post("/upload", (produce() for _ in range(5)))

    @gen_test
    def test_pieces_add_up_to_the_body(self):
        """What is pulled piece by piece is the whole body, and the connection is used again."""
        response = yield self.get("/download/40")
        pieces = response.iter_content()
        size = 0
        while True:
            piece = yield pieces.next()
            if not piece:
                break
            size += len(piece)
        self.assertEqual(size, 40 * len(PIECE))
        yield self.idle()

    @gen_test
    def test_pieces_have_the_size_asked_for(self):
        """With a chunk_size, every piece but the last has it."""
        response = yield self.get("/download/1")
        pieces = response.iter_content(10000)
        sizes = []
        while not sizes or sizes[-1]:
            piece = yield pieces.next()
            sizes.append(len(piece))
        self.assertEqual(sizes, [10000] * 6 + [5536, 0])

    @gen_test
    def test_a_slow_reader_holds_the_server_back(self):
        """A body that is not read stays with the server, all but what buffers hold."""
        response = yield self.get("/download/1000", timeout=0.5)
        before = -1
        while before != Download.sent:  # Until the server is stuck.
            before = Download.sent
            yield gen.sleep(0.6)
        self.assertLess(Download.sent, 20 * 1024 * 1024)
        content = yield response.read()  # And it was no timeout of ours meanwhile.
        self.assertEqual(len(content), 1000 * len(PIECE))

    @gen_test
    def test_content_is_there_after_read(self):
        """content is there after read(), and not before."""
        response = yield self.get("/download/3")
        with self.assertRaises(ResponseNotRead):
            len(response.content)
        content = yield response.read()
        self.assertEqual(response.content, content)
        self.assertEqual(content, PIECE * 3)
        again = yield response.read()
        self.assertEqual(again, content)

    @gen_test
    def test_a_body_is_streamed_once(self):
        """A second way to the body says that it is gone."""
        response = yield self.get("/download/3")
        response.iter_content()
        with self.assertRaises(StreamConsumedError):
            response.iter_content()
        with self.assertRaises(StreamConsumedError):
            response.read()
        response.close()

    @gen_test
    def test_close_ends_the_exchange(self):
        """Closing frees the connection's place at once; reading on says why it cannot."""
        response = yield self.get("/download/1000")
        pieces = response.iter_content()
        yield pieces.next()
        response.close()
        yield self.idle()
        with self.assertRaises(StreamClosed):
            yield pieces.next()

    @gen_test
    def test_dropped_response_ends_the_exchange(self):
        """A response without a reference does not hold its connection."""
        response = yield self.get("/download/1000")
        self.assertEqual(self.active(), 1)
        del response
        while self.active():
            gc.collect()
            yield gen.moment  # gen.coroutine holds on to the Future it waited for last.

    @gen_test
    def test_cut_body_is_an_error_after_its_pieces(self):
        """What came is readable; then comes the error, and never a short body."""
        response = yield self.get("/cut")
        pieces = response.iter_content()
        piece = yield pieces.next()
        self.assertTrue(PIECE.startswith(piece[:100]))
        with self.assertRaises(ReadError):
            while True:
                yield pieces.next()
        response = yield self.get("/cut")
        with self.assertRaises(ReadError):
            yield response.read()

    @gen_test
    def test_a_streamed_body_is_decoded(self):
        """A gzip body is decompressed as it is pulled."""
        response = yield self.get("/gzip")
        content = yield response.read()
        self.assertEqual(content, PIECE * 10)

    @gen_test
    def test_redirect_is_followed_to_the_stream(self):
        """The redirect's own body is not what is streamed."""
        response = yield self.get("/redirect/302")
        self.assertEqual(len(response.history), 1)
        content = yield response.read()
        self.assertEqual(content, PIECE)

    @gen_test
    def test_iterator_is_sent_chunked(self):
        """A body of unknown length goes out as it is produced."""
        response = yield self.post("/upload", (PIECE for _ in range(50)))
        self.assertEqual(
            response.json(), {"bytes": 50 * len(PIECE), "length": None, "coding": "chunked"})

    @gen_test
    def test_iterator_of_futures_is_waited_for(self):
        """What produces the body may take its time."""
        response = yield self.post_futures()
        self.assertEqual(response.json()["bytes"], 5 * len(PIECE))

    @gen_test
    def test_iterator_that_fails_fails_the_call(self):
        """Its own error comes out, and the half-sent request holds nothing."""
        def pieces():
            yield PIECE
            raise KeyError("no more")

        with self.assertRaises(KeyError):
            yield self.post("/upload", pieces())
        yield self.idle()

    @gen_test
    def test_file_is_sent_with_its_length(self):
        """A file says how long it is, from where it stands."""
        with tempfile.TemporaryFile() as upload:
            upload.write(PIECE * 20)
            upload.seek(16, os.SEEK_SET)
            response = yield self.post("/upload", upload)
        size = 20 * len(PIECE) - 16
        self.assertEqual(
            response.json(), {"bytes": size, "length": str(size), "coding": None})

    @gen_test
    def test_redirected_file_is_sent_again(self):
        """307 wants the body again: a file is rewound."""
        with tempfile.TemporaryFile() as upload:
            upload.write(PIECE)
            upload.seek(0)
            response = yield self.post("/redirect/307", upload)
        self.assertEqual(response.json()["bytes"], len(PIECE))

    @gen_test
    def test_redirected_iterator_is_refused(self):
        """What was read cannot be read again, and is not sent cut short."""
        with self.assertRaises(UnrewindableBodyError):
            yield self.post("/redirect/307", iter([PIECE]))


class PooledStreamingTest(StreamingTests, AsyncHTTPTestCase):
    transport = "pooled"

    @gen_test
    def test_connection_is_used_again(self):
        """A body that was pulled to its end leaves its connection to the next call."""
        for _ in range(2):
            response = yield self.get("/download/40")
            yield response.read()
        (transport,) = self.session._transports.values()
        self.assertEqual([each["opened"] for each in transport.stats().values()], [1])


class TornadoStreamingTest(StreamingTests, AsyncHTTPTestCase):
    transport = "tornado"


class CurlStreamingTest(StreamingTests, AsyncHTTPTestCase):
    transport = "curl"

    def setUp(self):
        super(CurlStreamingTest, self).setUp()
        from waterspout.transports.curl.curl_upload import CAN_PAUSE

        self.can_pause = CAN_PAUSE

    def get(self, path, **kwargs):
        if not self.can_pause:
            self.skipTest(LIMITS["curl", "pause"])
        return super(CurlStreamingTest, self).get(path, **kwargs)

    @gen_test
    def test_iterator_of_futures_is_waited_for(self):
        """It is refused where pycurl cannot pause."""
        if self.can_pause:
            self.assertEqual((yield self.post_futures()).json()["bytes"], 5 * len(PIECE))
        else:
            with self.assertRaises(Unsupported):
                yield self.post_futures()

    @gen_test
    def test_curl_streams_where_pycurl_can_pause(self):
        """It is refused at once where pycurl cannot."""
        url = self.get_url("/download/1")
        if self.can_pause:
            response = yield self.session.get(url, stream=True)
            self.assertEqual(len((yield response.read())), len(PIECE))
        else:
            with self.assertRaises(Unsupported) as caught:
                yield self.session.get(url, stream=True)
            self.assertFalse(caught.exception.may_have_been_sent)
            self.assertIn("curl", str(caught.exception))


class ThreadsStreamingTest(StreamingTests, AsyncHTTPTestCase):
    transport = "threads"

    @gen_test
    def test_iterator_of_futures_is_waited_for(self):
        """It is refused: a thread cannot wait for a Future, and the error says so."""
        piece = gen.maybe_future(PIECE)
        with self.assertRaises(Unsupported) as caught:
            yield self.post("/upload", iter([piece]))
        self.assertIn("threads", str(caught.exception))
