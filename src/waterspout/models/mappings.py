"""Names the argument that is not a mapping, after it has made a call or a constructor fail.

Arguments are not checked beforehand: that would cost every call time.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import RequestException

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


def check_mappings(error, **arguments):
    # type: (Exception, **Any) -> None
    """Raise a TypeError if one of ``arguments`` explains ``error``: it is not a mapping.

    Args:
        error: what was raised; a RequestException explains itself.
        arguments: each a mapping or None. ``headers`` and ``path`` may also be pairs.
    """
    if isinstance(error, RequestException):
        return
    for name, value in arguments.items():
        if value is None or hasattr(value, "keys"):
            continue
        if name not in ("headers", "path") or not _are_pairs(value):
            # Without the value, which may hold a secret.
            raise TypeError("%s= takes a mapping, such as a dict, not %s" % (
                name, type(value).__name__))


def _are_pairs(value):
    try:
        dict(value)
    except (TypeError, ValueError):
        return False
    return True
