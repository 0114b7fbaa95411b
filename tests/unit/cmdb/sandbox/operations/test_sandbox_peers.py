from __future__ import absolute_import, division, print_function

import pytest
from sandbox_data import Data
from sandbox_models import relation, text

from waterspout_cmdb.sandbox.storage import Store
from waterspout_cmdb.sandbox.wire_format.api_errors import FailedPrecondition

#: Users have one boss and one mentor at most, each on another end of a relation with themselves.
USER = {
    "objectId": "USER",
    "attrList": [text("name", unique="true")],
    "relation_list": [
        relation("USER", "boss", "reports", "USER", left_max=1),
        relation("USER", "pupils", "mentor", "USER", right_max=1),
    ],
}
SIDES = [("boss", "reports"), ("mentor", "pupils")]


@pytest.fixture
def users(tmpdir):
    store = Store.open(str(tmpdir.join("users.db")), seed=[USER])
    yield Data(store)
    store.close()


def names(user, side):
    return [peer["name"] for peer in user[side]]


@pytest.mark.parametrize("above, below", SIDES)
def test_sides_of_a_self_relation_change_together(users, above, below):
    """A user who becomes their own boss never has two bosses in between."""
    first = users.create("USER", name=u"first")["instanceId"]
    second = users.create("USER", name=u"second", **{above: [first]})["instanceId"]
    changed = users.update("USER", second, **{above: [], below: [second]})
    assert names(changed, above) == names(changed, below) == [u"second"]


@pytest.mark.parametrize("above, below", SIDES)
def test_contradicting_sides_keep_added_links(users, above, below):
    """A link that one side adds is kept if the other side omits it."""
    user = users.create("USER", name=u"one")["instanceId"]
    for _ in range(2):
        for values in ({above: [user], below: []}, {above: [], below: [user]}):
            changed = users.update("USER", user, **values)
            assert names(changed, above) == names(changed, below) == [u"one"]


@pytest.mark.parametrize("above, below", SIDES)
def test_maxima_count_the_links_of_both_sides(users, above, below):
    """Two bosses are too many on either side; the user does not change."""
    other = users.create("USER", name=u"other")["instanceId"]
    made = users.create("USER", name=u"one")
    user = made["instanceId"]
    with pytest.raises(FailedPrecondition):
        users.update("USER", user, **{above: [other], below: [user]})
    assert users.get("USER", user) == made
