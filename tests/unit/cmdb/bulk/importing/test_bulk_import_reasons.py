"""Why rows were rejected: in the file of rejected rows, and in the summary."""

from __future__ import absolute_import, division, print_function

import pytest
from bulk_importing import HOST, done

from waterspout_cmdb.bulk.mapping import Rules


def with_attributes(target, *names):
    added = [{"id": name, "name": name, "value": {"type": "str"}} for name in names]
    target.model = lambda object_id: done(dict(HOST, attrList=HOST["attrList"] + added))


@pytest.mark.parametrize("names, column", [
    ([u"reason"], u"reject reason"), ([u"Reason"], u"reject reason"),
    ([u"reason", u"reject_reason"], u"reject reason 2")])
def test_an_attribute_that_is_named_reason_is_kept(workshop, names, column):
    """The file of rejected rows, corrected, imports what the first file has."""
    with_attributes(workshop.target, *names)
    workshop.write(u"name,cpu,%s\na,many,new\n" % names[0])
    workshop.run()
    lines = workshop.read("hosts.rejects.csv").splitlines()
    assert lines[0] == u"name,cpu,%s,%s" % (names[0], column)
    assert lines[1].startswith("a,many,new,")
    workshop.write(u"\n".join(lines).replace(u"a,many", u"a,4") + u"\n")
    assert workshop.run().exit_code == 0
    assert workshop.target.stored == {"a": {"name": "a", "cpu": 4, names[0]: "new"}}


def test_a_file_without_the_model_s_attribute_reason_does_not_get_it(workshop):
    with_attributes(workshop.target, u"reason")
    workshop.write(u"name,cpu\na,many\n")
    workshop.run()
    text = workshop.read("hosts.rejects.csv").replace(u"a,many", u"a,4")
    workshop.write(text)
    assert workshop.run().exit_code == 0
    assert workshop.target.stored == {"a": {"name": "a", "cpu": 4}}


def test_a_column_reason_that_is_mapped_is_kept(workshop):
    rules = Rules(map={u"reason": u"ip"})
    workshop.write(u"name,cpu,reason\na,many,10.0.0.1\n")
    workshop.run(rules=rules)
    lines = workshop.read("hosts.rejects.csv").splitlines()
    assert lines[0] == u"name,cpu,reason,reject reason"
    assert lines[1].startswith("a,many,10.0.0.1,")


def test_the_most_frequent_reasons_are_in_the_summary(workshop):
    """At most five, each with its first three rows; of a row with two, both are one reason."""
    workshop.write(u"name,cpu\n" + u"".join(
        u"a%d,%s\n" % (number, u"many" if number % 3 else u"1.5") for number in range(20)))
    reasons = workshop.run().reasons
    assert [(each["rows"], [one["row"] for one in each["first"]]) for each in reasons] == [
        (13, [3, 4, 6]), (7, [2, 5, 8])]
    assert reasons[0]["first"][0]["reason"].startswith(u'cpu: "many" is not a whole number')
    workshop.write(u"name,cpu\na,1\n")
    assert workshop.run().reasons == []
