"""Imports from their beginning to their end."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_importing import HOST, done, expected

from waterspout_cmdb.bulk.mapping import Rules


def test_all_rows_come_in(workshop):
    workshop.write_hosts(95)
    summary = workshop.run()
    assert workshop.target.stored == expected(95)
    assert (summary.state, summary.exit_code, summary.error) == ("done", 0, None)
    assert summary.counts.rows == summary.counts.inserted == 95
    assert summary.files.rejects is None
    assert workshop.names() == ["hosts.csv", "hosts.csv.journal", "hosts.csv.report.json"]
    assert workshop.report()["state"] == "done"
    assert max(map(len, workshop.target.calls)) == 10


def test_a_row_that_cannot_be_read_is_rejected_and_the_others_come_in(workshop):
    workshop.write_hosts(30, wrong=[4, 17])
    summary = workshop.run()
    assert workshop.target.stored == expected(30, without=[4, 17])
    assert (summary.state, summary.exit_code) == ("done", 1)
    assert [row for row, _ in summary.problems] == [6, 19]
    assert "many" in summary.problems[0][1]
    lines = workshop.read("hosts.rejects.csv").splitlines()
    assert lines[0] == "name,ip,cpu,reason"
    assert [line.split(",")[0] for line in lines[1:]] == ["host-4", "host-17"]


def test_a_row_that_the_cmdb_refuses_is_rejected_with_its_reason(workshop):
    workshop.write_hosts(30)
    workshop.target.refused = {"host-7": "the name is taken", "host-29": "no"}
    summary = workshop.run()
    assert workshop.target.stored == expected(30, without=[7, 29])
    assert summary.exit_code == 1
    assert summary.problems == [(9, "the name is taken"), (31, "no")]
    assert "host-7,10.0.0.7,7,the name is taken" in workshop.read("hosts.rejects.csv")


def test_the_second_row_with_a_key_is_rejected(workshop):
    workshop.write(u"name,cpu\na,1\nb,2\na,3\n")
    summary = workshop.run()
    assert workshop.target.stored == {"a": {"name": "a", "cpu": 1}, "b": {"name": "b", "cpu": 2}}
    assert [row for row, _ in summary.problems] == [4]


def test_a_file_with_a_header_only_is_done(workshop):
    workshop.write(u"name,cpu\n")
    summary = workshop.run()
    assert (summary.state, summary.exit_code, summary.counts.rows) == ("done", 0, 0)
    assert workshop.target.calls == []


def test_one_row(workshop):
    workshop.write_hosts(1)
    assert workshop.run().counts.inserted == 1
    assert workshop.target.calls == [["host-0"]]


def test_all_rows_rejected(workshop):
    workshop.write_hosts(25, wrong=range(25))
    summary = workshop.run()
    assert (summary.state, summary.exit_code, summary.counts.rejected) == ("done", 1, 25)
    assert workshop.target.calls == []
    assert len(workshop.read("hosts.rejects.csv").splitlines()) == 26


def test_rows_that_are_there_are_updated(workshop):
    workshop.target.stored["host-3"] = {"name": "host-3", "cpu": 1, "owner": "ann"}
    workshop.write_hosts(5)
    summary = workshop.run()
    assert (summary.counts.inserted, summary.counts.updated) == (4, 1)
    assert workshop.target.stored["host-3"]["owner"] == "ann"


def test_all_or_nothing_sends_nothing_if_a_row_is_refused(workshop):
    workshop.write_hosts(30, wrong=[29])
    summary = workshop.run(all_or_nothing=True)
    assert (summary.state, summary.exit_code) == ("refused", 1)
    assert workshop.target.calls == []
    assert "host-29" in workshop.read("hosts.rejects.csv")
    assert workshop.report()["state"] == "refused"


def test_all_or_nothing_sends_all_if_no_row_is_refused(workshop):
    workshop.write_hosts(30)
    assert workshop.run(all_or_nothing=True).exit_code == 0
    assert workshop.target.stored == expected(30)


def test_progress_tells_stages_in_order_and_ends_with_all_rows(workshop):
    workshop.write_hosts(1200, wrong=[3])
    workshop.run(rows=100)
    progress = workshop.heard.progress
    found = [each.stage for each in progress]
    assert [stage for i, stage in enumerate(found) if found[i - 1 : i] != [stage]] == [
        "hashing", "checking", "sending", "finishing"]
    checked = [each.rows for each in progress if each.stage == "checking"]
    assert checked == [500, 1000, 1200]
    last = progress[-1]
    assert (last.rows, last.total_rows, last.inserted, last.rejected) == (1200, 1200, 1199, 1)


def test_never_more_batches_under_way_than_allowed(workshop):
    workshop.write_hosts(200)
    workshop.run(concurrency=3)
    assert workshop.target.most == 3


def test_one_batch_after_the_other(workshop):
    workshop.write_hosts(200)
    workshop.run(concurrency=1)
    assert workshop.target.most == 1
    assert workshop.target.calls == [
        ["host-%d" % each for each in range(start, start + 10)] for start in range(0, 200, 10)]


def test_an_import_runs_once(workshop):
    workshop.write_hosts(1)
    workshop.run()
    with pytest.raises(RuntimeError):
        workshop.wait(workshop.last.run)


def write_racks(workshop, *racks):
    return workshop.write(u"name,rack\n" + u"".join(
        u"host-%d,%s\n" % pair for pair in enumerate(racks)))


def test_related_instances_are_named_and_looked_for_together(workshop):
    workshop.target.racks = {"a": "id-a", "b": "id-b"}
    write_racks(workshop, u"a", u"b", u"none", u"a")
    summary = workshop.run()
    assert {name: row["rack"] for name, row in workshop.target.stored.items()} == {
        "host-0": ["id-a"], "host-1": ["id-b"], "host-3": ["id-a"]}
    assert [row for row, _ in summary.problems] == [4]
    assert workshop.target.finds == 1


def test_a_related_instance_that_goes_away_after_the_check(workshop):
    """Its row is rejected when it is to be sent; a resumed import looks for it again."""
    workshop.target.racks = {"a": "id-a", "b": "id-b"}
    write_racks(workshop, *[u"a"] * 30 + [u"b"])

    def before(names):
        workshop.target.racks = {"a": "id-a"}
        workshop.last.stop()

    workshop.target.before = before
    assert workshop.run(concurrency=1).state == "stopped"
    workshop.target.before = None
    summary = workshop.run(resume=True)
    assert (summary.state, summary.counts.inserted, summary.counts.rejected) == ("done", 30, 1)
    assert summary.problems[0][0] == 32
    last = workshop.heard.progress[-1]
    assert (last.rows, last.rejected) == (31, 1)
    assert "host-30" in workshop.read("hosts.rejects.csv")


def test_a_thousand_is_not_taken_for_one(workshop):
    """Where semicolons separate the cells, a person may write it with a point."""
    workshop.target.model = lambda object_id: done(dict(HOST, attrList=HOST["attrList"] + [
        {"id": "load", "name": "Load", "value": {"type": "float"}}]))
    workshop.write(u"name;load\na;1.024\nb;512,5\n")
    summary = workshop.run()
    assert summary.problems[0][1].startswith(u'load: "1.024" may be 1024 or 1.024: ')
    assert workshop.target.stored == {"b": {"name": "b", "load": 512.5}}
    assert workshop.run(rules=Rules(decimal="comma"), restart=True).exit_code == 0
    assert workshop.target.stored["a"]["load"] == 1024.0
