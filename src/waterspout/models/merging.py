"""Merges a session's defaults with the arguments of a call."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Mapping


def merge_params(defaults, params):
    # type: (Any, Any) -> Any
    """``params`` over ``defaults`` if both are mappings; else ``params``, if they are given."""
    if not defaults or params is None:
        return defaults if params is None else params
    if not (isinstance(defaults, Mapping) and isinstance(params, Mapping)):
        return params
    merged = dict(defaults)
    merged.update(params)
    return dict((name, value) for name, value in merged.items() if value is not None)
