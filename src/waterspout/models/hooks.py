"""Hooks: callables of the user's, by event. There is one event: a response has come."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List  # noqa: F401

#: What can be hooked.
EVENTS = ("response",)


class Hooked(object):
    """Has ``hooks``; requests' two methods for them."""

    __slots__ = ()

    def register_hook(self, event, hook):
        # type: (str, Any) -> None
        """Add a callable, or each of several. Raises: ValueError, TypeError."""
        self.hooks[event] = self.hooks.get(event, []) + hook_lists({event: hook})[event]

    def deregister_hook(self, event, hook):
        # type: (str, Callable) -> bool
        """Whether it was there."""
        try:
            self.hooks[event].remove(hook)
            return True
        except ValueError:
            return False


def hook_lists(hooks):
    # type: (Any) -> Dict[str, List[Callable]]
    """A list for each event, of what is given: a callable, several, or nothing.

    Raises: ValueError for an event that there is not; TypeError for what cannot be called.
    """
    lists = dict((event, []) for event in EVENTS)
    for event, given in (hooks or {}).items():
        if event not in lists:
            raise ValueError('Unsupported event specified, with event name "%s"' % (event,))
        lists[event] = [given] if callable(given) else list(given or ())
        for hook in lists[event]:
            if not callable(hook):
                raise TypeError("hooks=: %r cannot be called" % (hook,))
    return lists


def merge_hooks(hooks, session_hooks):
    # type: (Any, Any) -> Any
    """A call's hooks take the place of the session's, if it has any; as in requests."""
    if hooks and hooks.get("response"):
        return hooks
    if session_hooks and session_hooks.get("response"):
        return session_hooks
    return hooks
