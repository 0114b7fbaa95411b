from __future__ import absolute_import, division, print_function

import pickle

from waterspout_cmdb.bulk.cluster import TargetDescription
from waterspout_cmdb.bulk.cluster.plan import PackedPlan, Shipment
from waterspout_cmdb.bulk.targets import GatewayTarget


def test_a_target_is_made_of_it_in_another_process():
    description = TargetDescription(GatewayTarget, "http://127.0.0.1:8888", api_key="a-secret")
    target = pickle.loads(pickle.dumps(description, 2)).make()
    assert target.name == description.make().name == "gateway http://127.0.0.1:8888"


def test_it_shows_no_key():
    description = TargetDescription(GatewayTarget, "http://127.0.0.1:8888", api_key="a-secret")
    assert repr(description) == "<TargetDescription of a GatewayTarget>"
    plan = PackedPlan("12", pickle.dumps(description, 2))
    assert repr(plan) == "<plan 12>"
    assert repr(Shipment(plan, None, 4, None)) == "<rows 4 to the last>"
