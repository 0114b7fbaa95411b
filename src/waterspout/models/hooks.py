"""Hooks: the user's callables for each event. The only event is "response"."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List  # noqa: F401

#: The events that hooks can be registered for.
EVENTS = ("response",)


class Hooked(object):
    """A mixin for classes with ``hooks``: requests' two methods for them."""

    __slots__ = ()

    def register_hook(self, event, hook):
        # type: (str, Any) -> None
        """Add a callable, or several.

        Raises: ValueError: unknown event; TypeError: not callable.
        """
        self.hooks[event] = self.hooks.get(event, []) + hook_lists({event: hook})[event]

    def deregister_hook(self, event, hook):
        # type: (str, Callable) -> bool
        """Remove a callable. Return whether it was registered."""
        try:
            self.hooks[event].remove(hook)
            return True
        except ValueError:
            return False


def hook_lists(hooks):
    # type: (Any) -> Dict[str, List[Callable]]
    """A list of callables for each event, from a callable, several, or None for each.

    Raises: ValueError: unknown event; TypeError: an object is not callable.
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
    """The call's hooks if it has any, else the session's, as in requests."""
    if hooks and hooks.get("response"):
        return hooks
    if session_hooks and session_hooks.get("response"):
        return session_hooks
    return hooks
