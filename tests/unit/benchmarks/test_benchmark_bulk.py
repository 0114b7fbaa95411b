from __future__ import absolute_import, division, print_function

import io
import sys

import pytest

from benchmarks.bulk import files, table

if sys.version_info[0] == 2:
    pytest.skip("the benchmarks run on Python 3", allow_module_level=True)


def results(**run):
    default = dict(way="waterspout-cmdb import", file="CSV", site="the sandbox", ours=True,
                   rows=1000, stored=1000, seconds=2.0, cpu_seconds=0.5, peak_mib=40.0)
    return {"python": "3.11.7", "machine": {"cpu": "one"}, "runs": [dict(default, **run)]}


def test_a_file_has_the_rows_that_are_asked_for(tmp_path):
    """The keys differ, some cells are empty, and some have to be quoted."""
    path = str(tmp_path / "hosts.csv")
    files.write_csv(path, 100)
    with io.open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    assert lines[0] == "name,ip,cpu,memory,env,owner"
    assert len({line.split(",")[0] for line in lines[1:]}) == 100
    assert lines[1] == 'host-0000000,10.0.0.0,,1024,dev,"team 0, night shift"'


def test_a_run_that_stores_each_row_meets_its_demands():
    assert [met for met, _ in table.checked(results())] == [True, True]


def test_a_missing_row_is_told():
    """So is one too many."""
    for stored in (999, 1001):
        assert [met for met, _ in table.checked(results(stored=stored))] == [False, True]


def test_memory_beyond_the_limit_is_told():
    checked = table.checked(results(peak_mib=151.0))
    assert [met for met, _ in checked] == [True, False]
    assert "151 MiB, at most 150" in checked[1][1]


def test_a_peer_is_not_judged():
    assert table.checked(results(ours=False, stored=1, peak_mib=900.0)) == []


def test_the_report_has_a_line_for_each_run():
    lines = table.report(results()).splitlines()
    assert "| waterspout-cmdb import, CSV, into the sandbox | 1,000 | 500 | 500 | 40 |" in lines
