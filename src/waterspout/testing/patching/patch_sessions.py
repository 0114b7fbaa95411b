"""patch_sessions: one transport below every session of this process."""

from __future__ import absolute_import, division, print_function

from waterspout import transports
from waterspout._compat import TYPE_CHECKING
from waterspout.testing.app.app_transport import AppTransport
from waterspout.testing.mock.mock_transport import MockTransport
from waterspout.transports.per_loop import TransportsPerLoop

if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401
    from tornado.ioloop import IOLoop  # noqa: F401

    from waterspout.transports.base import Transport  # noqa: F401

_OF = vars(TransportsPerLoop)["of"]
_CLOSE = vars(TransportsPerLoop)["close"]


def patch_sessions(transport=None):
    # type: (Any) -> SessionPatch
    """Have ``transport`` send every call of every `Session` and `BaseSDK` in this process.

    Also of sessions made before or inside the code under test, whatever their ``transport=``, and
    of ``waterspout.get`` and the other functions. Each session keeps its limits and timeouts. Only
    a session on an `AppTransport` keeps that: the test calls its application by it, and the calls
    that the handlers make are patched.

    ::

        with patch_sessions() as mock:
            mock.get("http://host.test/hosts").respond(json=[])
            ...

    In a ``with`` block ``transport`` is entered and left too, if it is a context manager: a
    `MockTransport` is checked at the end. Without a block call ``start()`` and ``stop()``. Blocks
    may be nested; the inner one decides.

    Args:
        transport: an object for ``transport=``; None for a new `MockTransport`.
    Returns: the patch; entering it, and ``start()``, return ``transport``.
    Raises: as `Session` for a bad ``transport``.
    """
    return SessionPatch(MockTransport() if transport is None else transport)


class SessionPatch(object):
    """Replaces the methods by which a session finds its transport; it costs nothing otherwise."""

    def __init__(self, transport):
        # type: (Any) -> None
        self._transport = transport
        self._make = transports.load(transport)
        # The sessions' transports here, by the `id` of those that they have otherwise.
        self._here = {}  # type: Dict[int, Tuple[TransportsPerLoop, TransportsPerLoop]]

    def start(self):
        # type: () -> Any
        """Begin, and return the transport. Raises: RuntimeError: it has begun before."""
        if self in _active:
            raise RuntimeError("patch_sessions() has begun already")
        _active.append(self)
        _set_methods(_of_patched, _close_patched)
        return self._transport

    def stop(self):
        # type: () -> None
        """End: sessions use their own transports again, or an outer patch's. Idempotent.

        Calls that are under way stay where they are.
        """
        if self in _active:
            _active.remove(self)
            self._here.clear()
            if not _active:
                _set_methods(_OF, _CLOSE)

    def __enter__(self):
        # type: () -> Any
        self.start()
        if hasattr(self._transport, "__exit__"):
            self._transport.__enter__()
        return self._transport

    def __exit__(self, *exc_info):
        # type: (*Any) -> Any
        __tracebackhide__ = True
        self.stop()
        if hasattr(self._transport, "__exit__"):
            return self._transport.__exit__(*exc_info)
        return None

    def _instead_of(self, own):
        # type: (TransportsPerLoop) -> TransportsPerLoop
        here = self._here.get(id(own))
        if here is None:
            # With `own`, so that its id is not given to another object meanwhile.
            here = self._here[id(own)] = own, TransportsPerLoop(self._make, own._limits)
        return here[1]


#: The patches that have begun and not ended; the last one decides.
_active = []  # type: List[SessionPatch]


def _of_patched(transports, io_loop):
    # type: (TransportsPerLoop, IOLoop) -> Transport
    if not _is_of_application(transports):
        transports = _active[-1]._instead_of(transports)
    return _OF(transports, io_loop)


def _close_patched(transports):
    # type: (TransportsPerLoop) -> Future[None]
    for patch in _active:
        here = patch._here.pop(id(transports), None)
        if here is not None:
            _CLOSE(here[1])
    return _CLOSE(transports)


def _is_of_application(transports):
    # type: (TransportsPerLoop) -> bool
    """Whether they were made by an `AppTransport`, which a session asks for ``transport_for``."""
    return isinstance(getattr(transports._make, "__self__", None), AppTransport)


def _set_methods(of, close):
    # type: (Any, Any) -> None
    for name, method in (("of", of), ("close", close)):
        setattr(TransportsPerLoop, name, method)
