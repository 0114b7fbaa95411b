"""Short forms for the operations that tests run on a store."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.operations import editing_instances
from waterspout_cmdb.sandbox.operations.importing_rows import import_instances
from waterspout_cmdb.sandbox.operations.searching import search
from waterspout_cmdb.sandbox.operations.showing import Shape

EVERYTHING = Shape()


class Data(object):
    """The data of one organisation; each method waits for its Future."""

    def __init__(self, store, org=777777, user=u"easyops"):
        self.store = store
        self.who = (org, user)

    def write(self, function, *args):
        return self.store.write(*(self.who + (function,) + args)).result()

    def read(self, function, *args):
        return self.store.read(*(self.who + (function,) + args)).result()

    def create(self, object_id, **values):
        return self.write(editing_instances.create, object_id, values)

    def get(self, object_id, instance_id, show=EVERYTHING):
        return self.read(editing_instances.get, object_id, instance_id, show)

    def update(self, object_id, instance_id, **values):
        return self.write(editing_instances.update, object_id, instance_id, values)

    def delete(self, object_id, instance_id):
        return self.write(editing_instances.delete, object_id, instance_id)

    def load(self, object_id, keys, rows, **body):
        """Import rows."""
        return self.write(import_instances, object_id, dict(body, keys=keys, datas=rows))

    def search(self, object_id, version=1, **body):
        return self.read(search, object_id, body, version)

    def names(self, object_id, **body):
        """Return the names of the instances that a search finds, in order."""
        return [instance["name"] for instance in self.search(object_id, **body)["list"]]
