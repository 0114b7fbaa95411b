"""Imports and targets of the tests, which send nothing anywhere."""

from __future__ import absolute_import, division, print_function

import io

from tornado import gen
from tornado.escape import native_str

from waterspout_cmdb.bulk.importing import Progress, Summary
from waterspout_cmdb.bulk.importing.files import Files
from waterspout_cmdb.bulk.recording import Counts


class Stream(io.BytesIO):
    """A stream of native text; ``terminal`` says whether a person sees it."""

    encoding = "utf-8"

    def __init__(self, terminal=False):
        super(Stream, self).__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal

    def write(self, text):
        super(Stream, self).write(text if isinstance(text, bytes) else text.encode("utf-8"))

    @property
    def text(self):
        return native_str(self.getvalue().decode("utf-8"))


class Target(object):
    """Has pages of instances, and notes that it was closed."""

    name = "the fake"

    def __init__(self, instances=(), definition=None):
        self.instances = list(instances)
        self.definition = definition
        self.asked = []
        self.is_closed = False

    @gen.coroutine
    def model(self, object_id):
        raise gen.Return(self.definition)

    @gen.coroutine
    def search(self, object_id, query, fields, page, page_size, sort=None):
        self.asked.append((object_id, query, fields, page, page_size, sort))
        first = (page - 1) * page_size
        raise gen.Return((self.instances[first:first + page_size], len(self.instances)))

    @gen.coroutine
    def close(self):
        self.is_closed = True


def progress(stage, rows, total=None, inserted=0, updated=0, unchanged=0, rejected=0):
    return Progress(stage, rows, total, inserted, updated, unchanged, rejected)


def summary(state="done", code=0, rejected=0, problems=(), changes=None, error=None, rows=12,
            reasons=()):
    counts = Counts(
        rows=rows, checked=rows, sent=(rows or 0) - rejected,
        inserted=(rows or 0) - rejected, updated=0,
        unchanged=0, rejected=rejected)
    files = Files("hosts.csv", "hosts.csv.journal", "hosts.rejects.csv" if rejected else None,
                  "hosts.csv.report.json")
    return Summary(state, code, counts, 1.5, files, [], list(problems), changes, error, reasons)
