"""The file that a command is to write: which format its name says."""

from __future__ import absolute_import, division, print_function

import collections

import pytest

from waterspout_cmdb.commands.options import writing

Options = collections.namedtuple("Options", "file format")

ALL = ("csv", "tsv", "jsonl", "xlsx")
TABLES = ("csv", "tsv", "xlsx")


@pytest.mark.parametrize("file, format, formats, found", [
    ("hosts.csv", "", ALL, "csv"),
    ("HOSTS.XLSX", "", ALL, "xlsx"),
    ("hosts.csv.gz", "", ALL, "csv"),
    ("hosts.ndjson", "", ALL, "jsonl"),
    ("hosts.tab", "", TABLES, "tsv"),
    ("-", "", ALL, "csv"),
    ("hosts.csv", "tsv", ALL, "tsv"),
])
def test_format_is_that_of_the_option_or_of_the_name(file, format, formats, found):
    """With other names for the same endings."""
    options = Options(file, format)
    assert writing.format_of(options, formats) == found
    assert writing.format_complaints(options, formats) == []


@pytest.mark.parametrize("file", ["hosts", "hosts.txt", "hosts.jsonl", "hosts.ndjson"])
def test_name_that_says_no_format_of_the_command_is_refused(file):
    """At once, before a CMDB is asked; also another name of a format it cannot write."""
    complaint, = writing.format_complaints(Options(file, ""), TABLES)
    assert complaint == (
        "the name %s does not say the format; give --format=NAME: csv, tsv, xlsx" % file)
