"""TargetDescription: how each worker makes the target of an import."""

from __future__ import absolute_import, division, print_function

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


class TargetDescription(object):
    """The class of a target and its arguments; can be pickled, and shows none of them.

    ::

        TargetDescription(GatewayTarget, "https://cmdb.example", api_key=key)

    Args:
        target_class: one of ``bulk.targets``, which the workers have, too.
        arguments, keywords: of the class. Files that they name, such as ``cert``, must be on each
            worker under the same path.
    """

    def __init__(self, target_class, *arguments, **keywords):
        # type: (Any, *Any, **Any) -> None
        self._class = target_class
        self._arguments = arguments
        self._keywords = keywords

    def make(self):
        # type: () -> Any
        """Return a new target, for the IOLoop that runs. Raises: BulkError, as the class does."""
        return self._class(*self._arguments, **self._keywords)

    def __repr__(self):
        # Dask writes the repr of what it runs into logs; the keywords may have a key.
        return "<TargetDescription of a %s>" % self._class.__name__
