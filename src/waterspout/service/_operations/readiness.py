"""Readiness: whether this process should be given requests."""

from __future__ import absolute_import, division, print_function

from tornado import gen

from waterspout._compat import TYPE_CHECKING
from waterspout.service._operations.readiness_check import ReadinessCheck

if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple  # noqa: F401

READY, DEGRADED, UNREADY = "ready", "degraded", "unready"


class Readiness(object):
    """Asks all checks.

    Args:
        checks: ReadinessChecks, or a mapping of names to functions.
    Raises: TypeError: something else. ValueError: two have the same name.
    """

    def __init__(self, checks=()):
        # type: (Any) -> None
        if hasattr(checks, "items"):
            checks = [ReadinessCheck(name, ask) for name, ask in checks.items()]
        self.checks = list(checks)  # type: List[ReadinessCheck]
        names = set()
        for check in self.checks:
            if not isinstance(check, ReadinessCheck):
                raise TypeError("checks needs ReadinessChecks, or a mapping of names to functions, "
                                "not %r" % (check,))
            if check.name in names:
                raise ValueError("two checks have the name %s" % check.name)
            names.add(check.name)

    @gen.coroutine
    def ask(self):
        """Ask all checks at the same time.

        Returns: Future of ("ready", "degraded" or "unready"; name to "passed" or "failed").
        """
        passed = yield [check.passed() for check in self.checks]
        outcomes = {}  # type: Dict[str, str]
        for check, each in zip(self.checks, passed):
            outcomes[check.name] = "passed" if each else "failed"
        raise gen.Return((self._word(passed), outcomes))

    @property
    def last(self):
        # type: () -> Optional[str]
        """The word for the last answers; None if a check was never asked."""
        passed = [check.last for check in self.checks]
        return None if None in passed else self._word(passed)

    def _word(self, passed):
        # type: (List[Any]) -> str
        if all(passed):
            return READY
        if all(each or not check.required for check, each in zip(self.checks, passed)):
            return DEGRADED
        return UNREADY
