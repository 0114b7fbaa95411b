"""Dry runs: what would happen, while nothing does."""

from __future__ import absolute_import, division, print_function

import copy

from bulk_importing import expected


def test_a_dry_run_tells_what_would_change_and_changes_nothing(workshop):
    workshop.write_hosts(40, wrong=[39])
    workshop.target.stored = expected(20)
    workshop.target.stored["host-3"]["cpu"] = 99
    workshop.target.stored["host-5"].update(cpu=98, ip="none")
    before = copy.deepcopy(workshop.target.stored)
    summary = workshop.run(dry_run=True)
    assert workshop.target.stored == before
    assert workshop.target.calls == []
    assert workshop.names() == ["hosts.csv"]
    counts = summary.counts
    assert (counts.inserted, counts.updated, counts.unchanged, counts.rejected) == (19, 2, 18, 1)
    assert (summary.state, summary.exit_code) == ("done", 1)
    assert dict(summary.changes.by_field) == {"cpu": 2, "ip": 1}
    assert [(each.row, each.key) for each in summary.changes.changes] == [
        (5, ("host-3",)), (7, ("host-5",))]
    assert dict(summary.changes.changes[0].fields) == {"cpu": (99, 3)}


def test_a_dry_run_tells_what_columns_are(workshop):
    """A column may have a name that means something else."""
    workshop.write(u"Name,CPU,ip\nhost-1,4,10.0.0.1\n")
    assert u"columns: Name = name, CPU = cpu, ip" in workshop.run(dry_run=True).findings
    assert not [each for each in workshop.run().findings if each.startswith(u"columns")]


def test_a_dry_run_keeps_as_many_changes_as_asked_for_the_first(workshop):
    workshop.write_hosts(40)
    workshop.target.stored = {"host-%d" % each: {"name": "host-%d" % each} for each in range(40)}
    summary = workshop.run(dry_run=True, shown_changes=3)
    assert [each.row for each in summary.changes.changes] == [2, 3, 4]
    assert summary.changes.by_field["cpu"] == 40


def test_a_dry_run_leaves_the_journal_of_an_import_alone(workshop):
    workshop.write_hosts(40)
    workshop.target.before = lambda names: workshop.last.stop()
    assert workshop.run().state == "stopped"
    workshop.target.before = None
    assert workshop.run(dry_run=True).state == "done"
    assert workshop.run(resume=True).state == "done"
    assert workshop.target.stored == expected(40)


def test_a_dry_run_of_all_or_nothing_ends_with_the_check(workshop):
    workshop.write_hosts(10, wrong=[1])
    summary = workshop.run(dry_run=True, all_or_nothing=True)
    assert (summary.state, summary.exit_code) == ("refused", 1)


def test_a_dry_run_writes_the_files_that_are_named(workshop):
    workshop.write_hosts(10, wrong=[1])
    workshop.run(dry_run=True, rejects=workshop.path("no.csv"), report=workshop.path("it.json"))
    assert workshop.names() == ["hosts.csv", "it.json", "no.csv"]


def test_a_dry_run_can_be_stopped(workshop):
    workshop.write_hosts(3000)

    def then(progress):
        if progress.stage == "comparing":
            workshop.last.stop()

    workshop.heard.then = then
    assert workshop.run(dry_run=True).state == "stopped"
    assert workshop.names() == ["hosts.csv"]
