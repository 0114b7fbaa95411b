"""A target of bulk imports that answers as a test says, without HTTP."""

from __future__ import absolute_import, division, print_function

import json

from tornado import gen

from waterspout_cmdb.bulk.targets import Found, ImportResult, TargetError

NO = u"refused for a reason"


class FakeTarget(object):
    """Stores rows by their ``name``.

    Attributes:
        script (list): for the next calls: a TargetError to raise, a number of seconds that the
            answer takes, or a function of the rows that returns an ImportResult, None to go on as
            usual, or raises.
        refused (set): names of rows that are refused.
        calls (list of list): names of the rows of each call.
        stored (dict): how often each name was inserted.
        at_once (int): the most calls that were under way together.
    """

    name = "target"

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.script = []
        self.always = None
        self.refused = set()
        self.calls = []
        self.stored = {}
        self.at_once = 0
        self.shows = lambda name: {"name": name}
        self.ids = set()
        self._under_way = 0

    @gen.coroutine
    def import_rows(self, object_id, keys, encoded_rows):
        names = [json.loads(row.decode("utf-8"))["name"] for row in encoded_rows]
        self.calls.append(names)
        self._under_way += 1
        self.at_once = max(self.at_once, self._under_way)
        step = self.script.pop(0) if self.script else self.always
        try:
            seconds = step if isinstance(step, float) else self.seconds
            if seconds:
                yield gen.sleep(seconds)
            if isinstance(step, Exception):
                raise step
            answer = step(names) if callable(step) else None
            raise gen.Return(self.store(names) if answer is None else answer)
        finally:
            self._under_way -= 1

    def store(self, names):
        inserted, updated, failures = 0, 0, []
        for name in names:
            if name in self.refused:
                failures.append((1, NO, self.shows(name)))
            elif name in self.stored:
                self.stored[name] += 1
                updated += 1
            else:
                self.stored[name] = 1
                inserted += 1
        return ImportResult(inserted, updated, failures, [])

    @gen.coroutine
    def find(self, object_id, keys, documents, fields):
        found = Found()
        for document in documents:
            if document[keys[0]] in self.ids:
                found[(document[keys[0]],)] = document
        yield gen.moment
        raise gen.Return(found)


def error(kind, text="no", retry_after=None):
    return TargetError(kind, "importing rows into HOST at the target", text, 500, retry_after)


def row(number):
    name = "n%d" % number
    return number, (name,), json.dumps({"name": name}).encode("ascii")


def rows(first, last):
    return [row(number) for number in range(first, last + 1)]
