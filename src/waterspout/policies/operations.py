"""Operation: the keywords that all calls of one operation have."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.policies import Policies
from waterspout.timeouts import ClientTimeout

if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional  # noqa: F401

_KEYWORDS = frozenset(Policies._fields + ("timeout", "idempotent"))


#: ``policies`` (Policies); ``timeout`` (ClientTimeout, or None: the session's); ``idempotent``.
Operation = namedtuple("Operation", "policies timeout idempotent")


def checked_operations(operations, policies):
    # type: (Optional[Mapping[str, Any]], Policies) -> Dict[str, Operation]
    """An `Operation` for each name.

    Args:
        operations (mapping or None): of name to a mapping of keywords.
        policies (Policies): the session's, for those without their own.
    Raises: TypeError, ValueError.
    """
    made = {}
    for name, given in dict(operations or {}).items():
        try:
            keywords = dict(given)
        except (TypeError, ValueError):
            raise TypeError('operations[%r]=%r: give a mapping, such as {"idempotent": True}' % (
                name, given))
        unknown = sorted(set(keywords) - _KEYWORDS)
        if unknown:
            raise TypeError("operations[%r] has %s; it may have %s" % (
                name, ", ".join(unknown), ", ".join(sorted(_KEYWORDS))))
        timeout = ClientTimeout.of(keywords.pop("timeout")) if "timeout" in keywords else None
        idempotent = bool(keywords.pop("idempotent", False))
        made[name] = Operation(policies.replaced_by(keywords), timeout, idempotent)
    return made
