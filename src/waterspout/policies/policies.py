"""Policies: those of a session, an operation or a call, together."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.bulkhead import Bulkhead
from waterspout.policies.circuit_breaker import CircuitBreaker
from waterspout.policies.retry import Retry

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


class Policies(namedtuple("Policies", "retry breaker bulkhead")):
    """Each of them, or None for none. Immutable.

    Attributes: retry (Retry), breaker (CircuitBreaker), bulkhead (Bulkhead).
    """

    __slots__ = ()

    def __bool__(self):
        # type: () -> bool
        """Whether there is one."""
        return not (self.retry is None and self.breaker is None and self.bulkhead is None)

    __nonzero__ = __bool__  # py2

    def replaced_by(self, chosen):
        # type: (Any) -> Policies
        """These, but for the ones that ``chosen`` (a mapping of their names) has.

        Raises: TypeError, ValueError: one is none of its kind.
        """
        return self._replace(**checked(chosen)) if chosen else self


def checked(chosen):
    # type: (Any) -> dict
    """``chosen``, a mapping with some of the names of `Policies`, with policies as values.

    Raises: TypeError, ValueError.
    """
    made = dict(chosen)
    if "retry" in made:
        made["retry"] = Retry.of(made["retry"])
    for name, kind in (("breaker", CircuitBreaker), ("bulkhead", Bulkhead)):
        if not (made.get(name) is None or isinstance(made[name], kind)):
            raise TypeError("%s=%r: give a waterspout.%s" % (name, made[name], kind.__name__))
    return made


NO_POLICIES = Policies(None, None, None)
