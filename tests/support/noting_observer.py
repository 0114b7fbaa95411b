"""An observer that keeps what it is told, for tests to look at."""

from __future__ import absolute_import, division, print_function

from waterspout.instrumentation import Observer

#: The methods that are called with one detail of a call, in the order in which they may come.
CALL_METHODS = ("call_started", "call_queued", "call_connected", "call_sent", "call_first_byte",
                "call_done", "call_failed", "call_cancelled")

ENDS = ("call_done", "call_failed", "call_cancelled")

REQUEST_METHODS = ("request_received", "response_sent")


class NotingObserver(Observer):
    """Attributes: told (list of (name, detail)): what it was told, in order."""

    def __init__(self):
        self.told = []

    @property
    def names(self):
        """What happened, without ``call_``: ``["started", "done"]``."""
        return [name.replace("call_", "") for name, _ in self.told]

    def details(self, name):
        """The details of this kind, such as ``"call_done"``."""
        return [detail for each, detail in self.told if each == name]

    def only(self, name):
        """The detail of this kind, of which there is one."""
        (detail,) = self.details(name)
        return detail

    @property
    def end(self):
        """The name and the detail of the end of the only call."""
        (end,) = [each for each in self.told if each[0] in ENDS]
        return end

    @property
    def ends(self):
        """The names of all ends, sorted."""
        return sorted(name for name, _ in self.told if name in ENDS)

    def is_balanced(self):
        """Whether each call that was started has ended once."""
        started = [detail.call.id for detail in self.details("call_started")]
        ended = [detail.call.id for name, detail in self.told if name in ENDS]
        return sorted(started) == sorted(ended) and len(set(started)) == len(started)


def _noting(name):
    def note(self, detail):
        self.told.append((name, detail))

    note.__name__ = name
    return note


for _name in CALL_METHODS + REQUEST_METHODS:
    setattr(NotingObserver, _name, _noting(_name))
