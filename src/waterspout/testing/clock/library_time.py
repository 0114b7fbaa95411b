"""Replaces the clocks that the modules of the library read."""

from __future__ import absolute_import, division, print_function

import sys
import time

from waterspout import _compat
from waterspout._compat import TYPE_CHECKING, cookiejar

if TYPE_CHECKING:
    from typing import Any, Callable, Iterator  # noqa: F401


class LibraryTime(object):
    """Has every loaded module of ``waterspout`` read these clocks instead of the real ones.

    Modules bind `waterspout._compat.monotonic` and the module `time` by name; these names are
    replaced. So are those of modules loaded meanwhile, which import them from where they are
    replaced. The request path is as it was.

    Args:
        monotonic, wall (callable): return seconds: in place of `time.monotonic` and `time.time`.
    """

    def __init__(self, monotonic, wall):
        # type: (Callable[[], float], Callable[[], float]) -> None
        self._monotonic = monotonic
        self._time = _TimeModule(wall)
        self._real = None  # type: Any

    def replace(self):
        # type: () -> None
        self._real = _compat.monotonic
        _put(self._real, self._monotonic)
        _put(time, self._time)

    def restore(self):
        # type: () -> None
        _put(self._monotonic, self._real)
        _put(self._time, time)


class _TimeModule(object):
    """The module `time`, but for one function."""

    def __init__(self, wall):
        # type: (Callable[[], float]) -> None
        self.time = wall

    def __getattr__(self, name):
        return getattr(time, name)


def _put(old, new):
    # type: (Any, Any) -> None
    """Replace ``old`` by ``new`` where a module has it as ``monotonic`` or ``time``."""
    for module in _modules():
        for name in ("monotonic", "time"):
            if vars(module).get(name) is old:
                setattr(module, name, new)


def _modules():
    # type: () -> Iterator[Any]
    """Those of the library, and of the cookie jar that ours is a subclass of."""
    yield cookiejar
    for name, module in list(sys.modules.items()):
        is_ours = name == "waterspout" or name.startswith(("waterspout.", "waterspout_cmdb"))
        # The one clock that is real is this package's.
        if is_ours and module is not None and name != __name__:
            yield module
