"""Where an import writes."""

from __future__ import absolute_import, division, print_function

import os

import pytest

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing import ImportOptions
from waterspout_cmdb.bulk.importing.files import check_folders, keep_old, name_files


@pytest.mark.parametrize("source, journal, rejects, report", [
    ("a/hosts.csv", "a/hosts.csv.journal", "a/hosts.rejects.csv", "a/hosts.csv.report.json"),
    ("hosts", "hosts.journal", "hosts.rejects", "hosts.report.json"),
    ("x.1/hosts", "x.1/hosts.journal", "x.1/hosts.rejects", "x.1/hosts.report.json"),
    ("hosts.csv.gz", "hosts.csv.gz.journal", "hosts.csv.gz.rejects.csv",
     "hosts.csv.gz.report.json"),
    ("hosts.gz", "hosts.gz.journal", "hosts.gz.rejects", "hosts.gz.report.json"),
    ("-", "stdin.journal", "stdin.rejects", "stdin.report.json"),
    ("http://x.test/a/hosts.xlsx?v=1#top", "hosts.xlsx.journal", "hosts.rejects.xlsx",
     "hosts.xlsx.report.json"),
    ("https://x.test", "download.journal", "download.rejects", "download.report.json"),
    ("https://x.test/../..", "download.journal", "download.rejects", "download.report.json"),
    ("https://x.test/a%2F..%2Fb;c", "a_2F.._2Fb_c.journal", "a_2F.rejects.._2Fb_c", None),
])  # fmt: skip
def test_names(source, journal, rejects, report):
    files = name_files(source, ImportOptions())
    assert (files.source, files.journal) == (source.partition("?")[0], journal)
    if report is not None:
        assert (files.rejects, files.report) == (rejects, report)
    assert all(os.sep not in each for each in files[1:] if source.startswith("http"))


def test_files_of_one_stem_have_files_of_their_own():
    """One must not overwrite what the import of another one has found."""
    names = ["hosts", "hosts.csv", "hosts.csv.gz", "hosts.gz", "hosts.tsv", "hosts.tsv.gz",
             "hosts.json", "hosts.jsonl", "hosts.xlsx"]
    written = [path for name in names for path in name_files(name, ImportOptions())[1:]]
    assert len(written) == len(set(written)) == 3 * len(names)


def test_secrets_of_a_url_are_not_in_the_names():
    """The report and the summary have these."""
    files = name_files("https://me:s3cret@x.test/hosts.csv?sign=s3cret", ImportOptions())
    assert files.source == "https://x.test/hosts.csv" and "s3cret" not in str(files)


def test_names_that_are_given():
    options = ImportOptions(journal="j", rejects="r.csv", report="r.json")
    assert name_files("a/b.csv", options) == ("a/b.csv", "j", "r.csv", "r.json")


def test_a_dry_run_names_none_by_itself():
    assert name_files("b.csv", ImportOptions(dry_run=True)) == ("b.csv", None, None, None)


@pytest.mark.parametrize("options", [
    {"journal": "hosts.csv"}, {"rejects": "./hosts.csv"}, {"report": "x", "rejects": "x"},
    {"rejects": "link.csv"},
])  # fmt: skip
def test_two_names_of_one_file(tmpdir, options):
    with tmpdir.as_cwd():
        tmpdir.join("hosts.csv").write("name\n")
        os.symlink("hosts.csv", "link.csv")
        with pytest.raises(BulkError) as caught:
            name_files("hosts.csv", ImportOptions(**options))
    assert "are both" in str(caught.value)


def test_a_folder_for_a_file(tmpdir):
    with pytest.raises(BulkError) as caught:
        name_files("hosts.csv", ImportOptions(report=str(tmpdir)))
    assert "is a folder" in str(caught.value)


def test_a_folder_that_is_not_there(tmpdir):
    files = name_files(str(tmpdir.join("no", "hosts.csv")), ImportOptions())
    with pytest.raises(BulkError) as caught:
        check_folders(files)
    assert "of the journal, rejects and report does not exist" in str(caught.value)


def test_checking_folders_leaves_nothing_behind(tmpdir):
    check_folders(name_files(str(tmpdir.join("hosts.csv")), ImportOptions()))
    assert tmpdir.listdir() == []


def test_an_old_file_gets_another_name(tmpdir):
    path = str(tmpdir.join("hosts.rejects.csv"))
    assert keep_old(path) is None
    for text, old in (("one", ".old"), ("two", ".old2"), ("two", ".old2"), ("one", ".old")):
        tmpdir.join("hosts.rejects.csv").write(text)
        assert keep_old(path) == path + old
        assert tmpdir.join("hosts.rejects.csv" + old).read() == text
    assert tmpdir.join("hosts.rejects.csv.old").read() == "one"  # Each is kept.
    assert len(tmpdir.listdir()) == 2
