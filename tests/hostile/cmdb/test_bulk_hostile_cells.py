"""Cells of a megabyte, in every attribute: a short reason, in little time and memory."""

from __future__ import absolute_import, division, print_function

import time

import pytest

from waterspout_cmdb.bulk.mapping import Mapper, Model, Rules, problem_text
from waterspout_cmdb.bulk.rows import Row

TYPES = ("int", "float", "bool", "enum", "enums", "arr", "date", "datetime", "ip", "json", "struct",
         "structs")

CELLS = [text * (2 ** 18 // len(text)) for text in (
    u"1", u"1,", u"1,000", u"1 ", u"-", u"9.", u"0", u"1e", u"a", u"a,", u"[", u'{"a":', u"\\",
    u"2024-02-29 ", u"1.", u":", u"'", u"#", u"x=", u"\u5e74", u"1%", u"Feb ", u"a b", u"\n", u"|")]


def _model():
    value = {"regex": [u"choice %d" % number for number in range(1000)],
             "struct_define": [{"id": "a", "type": "int"}]}
    return Model({"objectId": "HOST", "attrList": [
        {"id": "name", "value": {"type": "str"}}] + [
        {"id": each, "value": dict(value, type=each)} for each in TYPES]})


@pytest.mark.parametrize("type_", TYPES)
def test_large_cells(type_):
    """None of them keeps the import busy, and none has a reason as long as itself."""
    mapper = Mapper(_model(), ["name"], Rules())
    mapper.use([u"name", type_])
    started = time.time()
    for number, cell in enumerate(CELLS, 2):
        for problem in mapper.map(Row(number, [u"a", cell])).problems:
            assert len(problem_text(problem)) < 1000
    assert time.time() - started < 10
