"""Whether the relations that --peer-key names are those of the model."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.mapping.columns import nearest, simplified

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from waterspout_cmdb.bulk.mapping.model import Model  # noqa: F401
    from waterspout_cmdb.bulk.mapping.rules import Rules  # noqa: F401


def check_peer_keys(model, rules):
    # type: (Model, Rules) -> None
    """Raise BulkError if the rules name a relation that the model does not have.

    It would have no effect, and the cells would be read by another attribute than the user says.
    """
    reasons = []
    by_name = dict((simplified(one.name), one.side) for one in model.relations.values() if one.name)
    for side, attribute in sorted(rules.peer_keys.items()):
        if side not in model.relations:
            meant = by_name.get(simplified(side))
            reasons.append(u"--peer-key %s=%s: %s has no relation %s%s" % (
                side, attribute, model.object_id, side,
                nearest(side, model.relations) if meant is None else u"; is %s meant?" % meant))
    if reasons:
        raise BulkError(reasons)
