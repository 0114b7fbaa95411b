"""A CMDB that is a dict, and imports into it."""

from __future__ import absolute_import, division, print_function

import io
import json
import os

import host_model
from tornado import gen
from tornado.concurrent import Future

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing import Import, ImportOptions, Listener
from waterspout_cmdb.bulk.sending import Limits
from waterspout_cmdb.bulk.targets.finding import Found
from waterspout_cmdb.bulk.targets.import_answer import ImportResult

#: Seconds after which an import is taken to hang.
PATIENCE = 30

HOST = dict(
    host_model.HOST,
    relation_list=[
        {"left_object_id": "HOST", "left_id": "rack", "left_name": "Rack", "left_max": 1,
         "right_object_id": "RACK", "right_id": "hosts", "right_max": -1},
    ],
)  # fmt: skip

RACK = {
    "objectId": "RACK",
    "view": {"show_key": ["name"]},
    "attrList": [{"id": "name", "name": "Name", "value": {"type": "str"}}],
}


class DictTarget(object):
    """Keeps the rows by their names.

    Attributes:
        stored (dict): documents by name.
        refused (dict): a text for each name that it refuses.
        calls (list): the names of each import, in order.
        most (int): how many imports were under way at once.
        racks (dict): ids by name; finds (int): how often these were looked for.
        before (callable or None): called with the names of an import before it is done; what it
            returns, if it is a Future, is waited for.
    """

    name = "dict"

    def __init__(self):
        self.stored = {}
        self.refused = {}
        self.calls = []
        self.before = None
        self.racks, self.finds = {}, 0
        self._under_way = self.most = 0

    def model(self, object_id):
        return done({"HOST": HOST, "RACK": RACK}[object_id])

    @gen.coroutine
    def import_rows(self, object_id, keys, encoded_rows):
        assert (object_id, keys) == ("HOST", ["name"])
        rows = [json.loads(each.decode("utf-8")) for each in encoded_rows]
        names = [row["name"] for row in rows]
        self.calls.append(names)
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        try:
            yield self._wait(names)
        finally:
            self._under_way -= 1
        inserted, failures = 0, []
        for row in rows:
            if row["name"] in self.refused:
                failures.append((100000, self.refused[row["name"]], row))
            else:
                inserted += row["name"] not in self.stored
                self.stored.setdefault(row["name"], {}).update(row)
        updated = len(rows) - len(failures) - inserted
        raise gen.Return(ImportResult(inserted, updated, failures, []))

    @gen.coroutine
    def _wait(self, names):
        yield gen.moment
        waiting = None if self.before is None else self.before(names)
        if waiting is not None:
            yield waiting

    def find(self, object_id, keys, documents, fields):
        found = Found()
        if object_id == "RACK":
            self.finds += 1
            for name in set(each["name"] for each in documents) & set(self.racks):
                found[(name,)] = {"name": name, "instanceId": self.racks[name]}
            return done(found)
        for document in documents:
            if document["name"] in self.stored:
                found[(document["name"],)] = self.stored[document["name"]]
        return done(found)


class Heard(Listener):
    """Keeps what an import tells, and calls ``then`` with each progress."""

    def __init__(self):
        self.findings, self.progress, self.messages = [], [], []
        self.then = lambda progress: None

    def on_findings(self, lines):
        self.findings += lines

    def on_progress(self, progress):
        self.progress.append(progress)
        self.then(progress)

    def on_message(self, text):
        self.messages.append(text)


class Workshop(object):
    """A folder with ``hosts.csv``, a `DictTarget`, and imports from the one into the other.

    Attributes:
        target (DictTarget), heard (Heard): of all imports.
        last (Import): the one that `run` has started last.
    """

    def __init__(self, io_loop, folder):
        self._io_loop = io_loop
        self.folder = folder
        self.target = DictTarget()
        self.heard = Heard()
        self.last = None

    def path(self, name):
        return str(self.folder.join(name))

    def write(self, text, name="hosts.csv"):
        with io.open(self.path(name), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        return self.path(name)

    def write_hosts(self, count, wrong=()):
        """Write so many hosts; those of ``wrong`` have a number of cores that is none."""
        lines = [u"name,ip,cpu"] + [
            u"host-%d,10.0.0.%d,%s" % (each, each % 250, u"many" if each in wrong else each % 64)
            for each in range(count)]
        return self.write(u"\n".join(lines) + u"\n")

    def read(self, name):
        with io.open(self.path(name), "r", encoding="utf-8", newline="") as file:
            return file.read()

    def report(self):
        return json.loads(self.read("hosts.csv.report.json"))

    def names(self):
        """Return what is in the folder."""
        return sorted(os.listdir(str(self.folder)))

    def make(self, source=None, rows=10, concurrency=2, target=None, **options):
        """Make an import with batches of so many ``rows``."""
        options = ImportOptions(
            limits=Limits(max_rows=rows, concurrency=concurrency), **options)
        self.last = Import(
            source or self.path("hosts.csv"), "HOST", ["name"], target or self.target, options,
            self.heard)
        return self.last

    def run(self, source=None, **options):
        """Import, and return the Summary."""
        return self.wait(self.make(source, **options).run)

    def fail(self, source=None, **options):
        """Import, and return the BulkError with which it ends."""
        try:
            summary = self.run(source, **options)
        except BulkError as error:
            return error
        raise AssertionError("it did not fail: %r" % (summary,))

    def wait(self, function):
        return self._io_loop.run_sync(function, PATIENCE)


def done(value):
    """Return a Future that has a result."""
    future = Future()
    future.set_result(value)
    return future


def expected(count, without=()):
    """Return what a CMDB has after the import of `Workshop.write_hosts`."""
    return {
        u"host-%d" % each: {
            u"name": u"host-%d" % each, u"ip": u"10.0.0.%d" % (each % 250), u"cpu": each % 64}
        for each in range(count) if each not in without
    }


