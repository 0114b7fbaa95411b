"""What a worker keeps of an import."""

from __future__ import absolute_import, division, print_function

from bulk_importing import HOST, RACK, DictTarget, done

from waterspout_cmdb.bulk.cluster.places import Place
from waterspout_cmdb.bulk.cluster.plan import Plan
from waterspout_cmdb.bulk.cluster.target_description import TargetDescription
from waterspout_cmdb.bulk.mapping import Mapped, Model, Reference, Rules
from waterspout_cmdb.bulk.sending import Limits


class RacksByTime(DictTarget):
    def __init__(self):
        super(RacksByTime, self).__init__()
        self.racks = {u"2027-04-03 20:00:00": u"wrong", u"2027-04-04 04:00:00": u"right"}

    def model(self, object_id):
        assert object_id == "RACK"
        return done(dict(RACK, attrList=[
            {"id": "name", "name": "Name", "value": {"type": "datetime"}}]))


def test_names_of_related_instances_are_read_by_the_rules(io_loop):
    """As an import without a cluster reads them."""
    place = Place(Plan(
        "HOST", ["name"], Model(HOST), Rules(utc_offset=u"+08:00"), Limits(),
        TargetDescription(RacksByTime), False))
    mapped = Mapped({}, [], [
        Reference(u"rack", u"RACK", None, u"2027-04-03T20:00:00Z", 2, u"Rack")])
    assert io_loop.run_sync(lambda: place.references.resolve([mapped])) == []
    assert mapped.document == {u"rack": [u"right"]}
