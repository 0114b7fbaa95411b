"""Hooks: callables of the user's that see, and may replace, each response."""

from __future__ import absolute_import, division, print_function


def run_hooks(hooks, response):
    # type: (Optional[Dict[str, List[Callable]]], Response) -> Response
    """What the ``response`` hooks make of it, one after the other; None leaves it as it is."""
    for hook in (hooks or {}).get("response", ()):
        replacement = hook(response)
        if replacement is not None:
            response = replacement
    return response
