"""Deadline: a moment until which a call, and all that it causes, must end."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, monotonic
from waterspout.policies.deadline.deadline_header import DeadlineHeader
from waterspout.policies.value import PolicyValue, seconds

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401


class Deadline(PolicyValue):
    """A moment until which calls must end. All that a call does spends it: waiting in a queue, DNS,
    connecting, TLS, the exchange, hooks, the pauses between retries.

    ::

        deadline = waterspout.Deadline.after(2.0)
        found = await session.get(url, deadline=deadline)
        await session.post(other_url, json=found.json(), deadline=deadline)    # What is left.

    Several calls may have the same; each fails with `DeadlineExceeded` when it passes. A call that
    would begin later is refused: nothing is sent.

    Args:
        at (float): `time.monotonic` seconds of this process. Usually made by `after`.
        header (DeadlineHeader or None): send what is left with each request in this field.
        least (float seconds): a call that has less left is refused; by default the header's.
    """

    __slots__ = ("at", "header", "least")

    if TYPE_CHECKING:
        at = 0.0
        header = None  # type: Optional[DeadlineHeader]
        least = 0.0

    def __init__(self, at, header=None, least=None):
        # type: (float, Optional[DeadlineHeader], Optional[float]) -> None
        if header is not None and not isinstance(header, DeadlineHeader):
            raise TypeError("header=%r: give a waterspout.DeadlineHeader" % (header,))
        if least is None:
            least = 0.0 if header is None else header.least
        self._set(at=seconds("at", at, True), header=header, least=seconds("least", least, True))

    @classmethod
    def after(cls, left, header=None, least=None):
        # type: (float, Optional[DeadlineHeader], Optional[float]) -> Deadline
        """The Deadline that passes in ``left`` seconds (float, from 0 on)."""
        if type(left) is float and left >= 0 and least is None and type(header) is DeadlineHeader:
            # As a service makes one for each of its requests, in a third of the time.
            deadline = cls.__new__(cls)
            _set_at(deadline, monotonic() + left)
            _set_header(deadline, header)
            _set_least(deadline, header.least)
            return deadline
        return cls(monotonic() + seconds("left", left, True), header, least)

    def left(self):
        # type: () -> float
        """Seconds until it passes; less than 0 if it has passed."""
        return self.at - monotonic()


_set_at, _set_header, _set_least = [
    Deadline.__dict__[name].__set__ for name in Deadline.__slots__]


def checked_deadline(deadline):
    # type: (Any) -> Deadline
    """``deadline``. Raises: TypeError unless it is a Deadline."""
    if not isinstance(deadline, Deadline):
        raise TypeError("deadline=%r: give a waterspout.Deadline, such as Deadline.after(2.0); "
                        "timeout=ClientTimeout(total=2.0) takes seconds" % (deadline,))
    return deadline
