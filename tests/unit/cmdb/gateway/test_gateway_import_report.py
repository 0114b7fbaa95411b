"""The counts of an import, in the forms of different CMDBs."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.gateway.import_report import ImportReport


@pytest.mark.parametrize(
    "data, counts",
    [
        ({"insert_count": 1, "update_count": 2, "failed_count": 3}, (1, 2, 3)),
        ({"insert_count": 1.0, "update_count": "2", "failed_count": 3.0}, (1, 2, 3)),
        ({"failed_count": 0}, (0, 0, 0)),
        ({"failed_count": None}, (0, 0, None)),
        ({"failed_count": "many"}, (0, 0, None)),
        ({"failed_count": u"\xb2"}, (0, 0, None)),
        ({"failed_count": "9" * 5000}, (0, 0, None)),
        ({"failed_count": True}, (0, 0, None)),
        ({}, (0, 0, None)),
        (None, (0, 0, None)),
        ([], (0, 0, None)),
        ("ok", (0, 0, None)),
    ],
)
def test_counts(data, counts):
    """Numbers in any JSON form; another value counts as absent."""
    report = ImportReport({"code": 0, "data": data})
    assert (report.inserted, report.updated, report.failed) == counts


def test_text_has_the_numbers_of_rows():
    """It is the message of the answer."""
    report = ImportReport({"data": {"insert_count": 1, "update_count": 2, "failed_count": 3}})
    assert str(report) == "imported 1, updated 2, failed 3"


@pytest.mark.parametrize(
    "warnings, read", [(None, []), ([], []), ("x", []), (["x"], ["x"]), ([{"a": 1}], [{"a": 1}])]
)
def test_warnings_are_a_list(warnings, read):
    """With elements of any type."""
    assert ImportReport({"data": {"warnings": warnings}}).warnings == read
