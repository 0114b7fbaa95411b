from __future__ import absolute_import, division, print_function

import io
import os
import shutil
import sys
import tempfile

import pytest
from tornado import gen, web
from tornado.testing import AsyncHTTPTestCase, gen_test

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import downloads, fetch_input, open_table
from waterspout_cmdb.bulk.reading.sources import inputs

CONTENT = b"name,ip\n" + b"web-1,10.0.0.1\n" * 100000


class File(web.RequestHandler):
    @gen.coroutine
    def get(self, how):
        if how == "missing":
            raise web.HTTPError(404)
        if how == "moved":
            self.redirect("/whole/hosts.csv?token=secret")
            return
        if how == "cut":
            self.set_header("Content-Length", str(len(CONTENT) + 1))
            self.write(CONTENT)
            yield self.flush()
            self.request.connection.close() if hasattr(
                self.request.connection, "close") else self.request.connection.stream.close()
            return
        for start in range(0, len(CONTENT), 100000):
            self.write(CONTENT[start : start + 100000])
            yield self.flush()


class InputFromURLTest(AsyncHTTPTestCase):
    def get_app(self):
        return web.Application([("/([a-z]+)/.*", File)])

    def setUp(self):
        super(InputFromURLTest, self).setUp()
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def fetched(self, path):
        return fetch_input(self.get_url(path), self.folder)

    @gen_test
    def test_a_url_is_a_file_in_the_folder(self):
        """Under its own name, so that errors show it."""
        for path in ("/whole/hosts.csv?a=b", "/moved/hosts.csv"):
            found = yield self.fetched(path)
            self.assertEqual(found, os.path.join(self.folder, "hosts.csv"))
            with io.open(found, "rb") as file:
                self.assertEqual(file.read(), CONTENT)
        self.assertEqual(open_table(found).columns, [u"name", u"ip"])

    @gen_test
    def test_names_stay_in_the_folder(self):
        """Whatever the URL's path is."""
        for path, name in (("/whole/", "whole"), ("/whole/...", "download"),
                           ("/whole/a%2F..%2Fb", "a_2F.._2Fb")):
            found = yield self.fetched(path)
            self.assertEqual(found, os.path.join(self.folder, name))

    @gen_test
    def test_an_answer_that_is_no_file_is_an_error(self):
        """Its status is told, and no secret of the URL."""
        url = self.get_url("/missing/hosts.csv?token=secret").replace("//", "//me:password@")
        with self.assertRaises(BulkError) as caught:
            yield fetch_input(url, self.folder)
        text = str(caught.exception)
        self.assertIn("/missing/hosts.csv answers 404", text)
        self.assertFalse("secret" in text or "password" in text, text)

    @gen_test
    def test_a_part_of_a_file_is_an_error(self):
        """What was cut off would be missing rows."""
        with self.assertRaises(BulkError) as caught:
            yield self.fetched("/cut/hosts.csv?token=secret")
        self.assertIn("/cut/hosts.csv cannot be fetched", str(caught.exception))
        self.assertNotIn("secret", str(caught.exception))

    @gen_test
    def test_a_server_that_is_not_there_is_an_error(self):
        """Where it was looked for is told."""
        with self.assertRaises(BulkError) as caught:
            yield fetch_input("http://me:password@127.0.0.1:1/x?token=secret", self.folder)
        text = str(caught.exception)
        self.assertIn("http://127.0.0.1:1/x cannot be fetched", text)
        self.assertFalse("secret" in text or "password" in text, text)

    @gen_test
    def test_a_file_without_end_is_refused(self):
        """The disk is not filled."""
        with self.assertRaises(BulkError) as caught:
            yield downloads.download(self.get_url("/whole/a.csv"), self.folder, 1 << 20)
        self.assertIn("has more than 1 MB", str(caught.exception))


def stand_in(content):
    """Return a standard input that is read as bytes."""
    class Input(io.BytesIO):
        @property
        def buffer(self):
            return self

    return Input(content)


def test_standard_input_is_a_file_in_the_folder(tmp_path, monkeypatch, io_loop):
    """It can be read twice from there."""
    monkeypatch.setattr(sys, "stdin", stand_in(CONTENT))
    path = io_loop.run_sync(lambda: fetch_input("-", str(tmp_path)))
    assert path == str(tmp_path / "standard-input")
    assert sum(1 for _ in open_table(path).rows()) == 100000


def test_standard_input_that_comes_slowly_holds_up_no_loop(tmp_path, monkeypatch, io_loop):
    """So that Ctrl-C, which is a callback, is heard while another program has nothing yet."""
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb", 0) as source:
        monkeypatch.setattr(sys, "stdin", source)

        @gen.coroutine
        def fetch():
            with os.fdopen(writer, "wb", 0) as sender:
                future = fetch_input("-", str(tmp_path))
                for part in (b"name\n", b"web-1\n"):
                    sender.write(part)
                    yield gen.moment
                assert not future.done()
            path = yield future
            raise gen.Return(path)

        path = io_loop.run_sync(fetch, 30)
    with io.open(path, "rb") as file:
        assert file.read() == b"name\nweb-1\n"


def test_standard_input_without_end_is_refused(tmp_path, monkeypatch, io_loop):
    """The disk is not filled."""
    monkeypatch.setattr(sys, "stdin", stand_in(CONTENT))
    monkeypatch.setattr(inputs, "MAX_BYTES", 1 << 20)
    with pytest.raises(BulkError, match="standard input has more than 1 MB"):
        io_loop.run_sync(lambda: fetch_input("-", str(tmp_path)))


def test_a_file_is_what_it_is(tmp_path):
    """Nothing is copied."""
    assert fetch_input("some/hosts.csv", str(tmp_path)) == "some/hosts.csv"
    assert os.listdir(str(tmp_path)) == []
