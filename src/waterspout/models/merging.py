"""What a session says for all calls and what one call says, put together."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import Mapping
from waterspout._encoding.header_checks import valid_name


def merge_headers(defaults, headers):
    # type: (Headers, Any) -> Headers
    """``headers`` over ``defaults``, by name; None removes. Neither is changed."""
    merged = defaults.copy()
    if headers:
        for name, value in headers.items() if hasattr(headers, "items") else headers:
            name = valid_name(name)
            if value is None:
                merged.pop(name, None)
            else:
                merged[name] = value
    return merged


def merge_params(defaults, params):
    # type: (Any, Any) -> Any
    """``params`` over ``defaults`` where both are mappings; otherwise the more specific one."""
    if not defaults or params is None:
        return defaults if params is None else params
    if not (isinstance(defaults, Mapping) and isinstance(params, Mapping)):
        return params
    merged = dict(defaults)
    merged.update(params)
    return dict((name, value) for name, value in merged.items() if value is not None)
