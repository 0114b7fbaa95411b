"""Reads urllib3's ``Retry`` by its attributes, in any version; urllib3 is not imported.

Not read: ``redirect``, ``raise_on_redirect`` and ``remove_headers_on_redirect``, since redirects
are no retries here; ``history``; ``backoff_jitter``, since all of a backoff is random here. The
methods of subclasses are not called.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

#: What all versions have.
_ALWAYS = ("total", "connect", "read", "status_forcelist", "backoff_factor")


def arguments_of(value):
    # type: (Any) -> Optional[Dict[str, Any]]
    """The arguments of our `Retry` that mean the same; None if ``value`` is no Retry of urllib3."""
    if not all(hasattr(value, name) for name in _ALWAYS):
        return None
    arguments = dict(
        (name, _limit(getattr(value, name, None)))
        for name in ("total", "connect", "read", "status", "other"))  # type: Dict[str, Any]
    arguments.update(
        allowed_methods=_allowed_methods(value),
        status_forcelist=value.status_forcelist,
        backoff_factor=max(value.backoff_factor, 0),
        backoff_max=max(_backoff_max(value), 0),
        respect_retry_after_header=bool(getattr(value, "respect_retry_after_header", True)),
        raise_on_status=bool(getattr(value, "raise_on_status", True)),
    )
    longest = getattr(value, "retry_after_max", None)  # Not in 2.2.
    # Its default of six hours is no wish of the user.
    if longest is not None and longest != getattr(value, "DEFAULT_RETRY_AFTER_MAX", None):
        arguments["retry_after_max"] = max(longest, 0)
    return arguments


def _limit(value):
    # type: (Any) -> Optional[int]
    """A limit of ours. False, which is to raise the error itself, is 0 here, where all errors are
    raised as they are.
    """
    return None if value is None else max(int(value), 0)


def _allowed_methods(value):
    # type: (Any) -> Any
    """The methods, or None for any, for which urllib3 takes each value that is false."""
    # The attribute's name before 1.26. There it is an alias whose use warns, and wins if an object
    # was given it.
    of_object = getattr(value, "__dict__", {})
    if "method_whitelist" in of_object:
        return of_object["method_whitelist"] or None
    return getattr(value, "allowed_methods", None) or None


def _backoff_max(value):
    # type: (Any) -> float
    # An argument since 2.0, an attribute of the class in 1.26 and, with another name, before.
    for name in ("backoff_max", "DEFAULT_BACKOFF_MAX", "BACKOFF_MAX"):
        found = getattr(value, name, None)
        if found is not None:
            return found
    return 120.0
