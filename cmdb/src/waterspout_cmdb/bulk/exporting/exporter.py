"""export: instances of a model become a file, which the import reads again."""

from __future__ import absolute_import, division, print_function

import os

from tornado import gen
from tornado.escape import native_str, to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.exporting import columns as export_columns
from waterspout_cmdb.bulk.exporting.pages import Pages
from waterspout_cmdb.bulk.mapping.model import Model
from waterspout_cmdb.bulk.writing import open_writer

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Text  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

#: Instances at a time.
PAGE_SIZE = 1000

_MOST_REMARKS = 20

_ENDINGS = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".json": "json", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".xlsx": "xlsx",
}


@gen.coroutine
def export(target, object_id, query=None, columns=None, path="-", format=None, encoding="utf-8",
           delimiter=None, raw=False, peer_keys=None, page_size=PAGE_SIZE, on_progress=None,
           on_findings=None):
    # type: (Any, Text, dict | None, Iterable[Text] | None, Text, str | None, Text, Text | None, bool, Dict[Text, Text] | None, int, Callable | None, Callable | None) -> Future[int]
    """Write the instances that match a query to a file, in the order of their ids.

    An import of the file gives the same instances, except that it takes spaces off the ends of
    texts, and refuses control characters and the errors of Excel, such as "#N/A". Memory is flat.

    Args:
        target: where they are, see `targets`.
        query: of the CMDB's query language; None: all.
        columns: ids or display names of attributes, relations and system fields, such as
            ``instanceId``; None: all that an import can write.
        path: "-" is the standard output. One that ends in .gz is compressed.
        format: "csv", "tsv", "json", "jsonl" or "xlsx"; None: as the path ends, or CSV.
        encoding, delimiter: of CSV and TSV. Excel knows UTF-8 only by the mark of "utf-8-sig".
        raw: leave cells that begin like formulas as they are. By default they get a quote in
            front in CSV and TSV, which the import takes off again.
        peer_keys: for each relation the attribute by which its instances are named; by default
            the first ``show_key`` of their model.
        on_progress: is called with the number of rows written and that of all.
        on_findings: is called with a list of texts, if something could not be written as it is.
    Returns: Future of the number of instances.
    Raises: BulkError: the target cannot be read or the file not written; a file that was there
        before stays.
    """
    path = native_str(path)
    format, is_gzip = _format_of(path, format)
    definition = yield target.model(object_id)
    model = Model(definition)
    identifiers = export_columns.chosen(model, columns)
    keys = yield _peer_keys(target, model, identifiers, peer_keys or {})
    remarks = _Remarks()
    made = export_columns.make(model, identifiers, keys, format, remarks.add, delimiter)
    pages = Pages(target, object_id, query or {}, [each.field for each in made], page_size)
    found = yield pages.next()  # Before the file is made: most mistakes are told by now.
    with open_writer(
        path, format, [each.header for each in made], encoding, delimiter, to_unicode(object_id),
        neutralize=False if raw else "values", gzip=is_gzip,
    ) as writer:
        cells = [each.cell for each in made]
        while found:
            for instance in found:
                writer.write([cell(instance) for cell in cells])
            if on_progress is not None:
                on_progress(writer.rows, max(pages.total, writer.rows))
            found = yield pages.next()
    if on_findings is not None and (writer.findings or remarks.texts):
        on_findings(writer.findings + remarks.all())
    raise gen.Return(writer.rows)


def _format_of(path, format):
    stem, ending = os.path.splitext(path.lower())
    is_gzip = ending == ".gz"
    if is_gzip:
        ending = os.path.splitext(stem)[1]
    format = native_str(format) if format else _ENDINGS.get(ending)
    if format is None and (path == "-" or not ending):
        format = "csv"
    if format is None:
        raise BulkError("%s: no format is known by the ending %s; name one of csv, tsv, json, "
                        "jsonl and xlsx" % (path, ending))
    return format, is_gzip and format != "xlsx"


@gen.coroutine
def _peer_keys(target, model, identifiers, given):
    """Return the attribute by which the instances of each relation are named."""
    keys = {}
    for name in identifiers:
        relation = model.relations.get(name)
        if relation is None or name in model.attributes:
            continue
        if name in given:
            keys[name] = to_unicode(given[name])
            continue
        if relation.peer_object_id == model.object_id:
            peer = model
        else:
            definition = yield target.model(relation.peer_object_id)
            peer = Model(definition)
        if not peer.show_key:
            raise BulkError(
                u"the relation %s: the model %s does not say by which attribute people know its "
                u"instances; name one, or leave the column out" % (name, peer.object_id))
        keys[name] = peer.show_key[0]
    raise gen.Return(keys)


class _Remarks(object):
    """Collects texts about what could not be written, a bounded number of them."""

    def __init__(self):
        self.texts = []
        self._more = 0

    def add(self, text):
        if len(self.texts) < _MOST_REMARKS:
            self.texts.append(text)
        else:
            self._more += 1

    def all(self):
        more = [u"%d more such remarks" % self._more] if self._more else []
        return self.texts + more
