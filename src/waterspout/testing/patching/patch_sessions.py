"""patch_sessions: one transport below every session of this process."""

from __future__ import absolute_import, division, print_function

from waterspout import transports
from waterspout._compat import TYPE_CHECKING
from waterspout.testing.app.app_transport import AppTransport
from waterspout.testing.mock.mock_transport import MockTransport
from waterspout.transports.per_loop import TransportsPerLoop

if TYPE_CHECKING:
    from typing import Any, Dict, Tuple  # noqa: F401

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
    a session on an `AppTransport` goes on: it is the test's client of an application, whose own
    calls are sent here.

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
        self._replaced = None  # type: Any  # The methods that are restored.
        # The sessions' transports here, by the `id` of those that they have otherwise.
        self._here = {}  # type: Dict[int, Tuple[TransportsPerLoop, TransportsPerLoop]]

    def start(self):
        # type: () -> Any
        """Begin, and return the transport. Raises: RuntimeError: it has begun before."""
        if self._replaced is not None:
            raise RuntimeError("patch_sessions() has begun already")
        methods = vars(TransportsPerLoop)
        self._replaced = methods["of"], methods["close"]
        close, patch = methods["close"], self  # It may be that of an outer patch.

        def of_patched(transports, io_loop):
            # type: (TransportsPerLoop, IOLoop) -> Transport
            if _is_on_application(transports):
                return _OF(transports, io_loop)
            return _OF(patch._instead_of(transports), io_loop)

        def close_patched(transports):
            # type: (TransportsPerLoop) -> Future[None]
            here = patch._here.pop(id(transports), None)
            if here is not None:
                _CLOSE(here[1])
            return close(transports)

        _set_methods(of_patched, close_patched)
        return self._transport

    def stop(self):
        # type: () -> None
        """End: sessions use their own transports again. Idempotent.

        Calls that are under way stay where they are. Patches end in the reverse order of their
        beginnings.
        """
        if self._replaced is not None:
            replaced, self._replaced = self._replaced, None
            _set_methods(*replaced)
            self._here.clear()

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


def _is_on_application(transports):
    # type: (TransportsPerLoop) -> bool
    """Whether these belong to a session on an `AppTransport`."""
    return isinstance(getattr(transports._make, "__self__", None), AppTransport)


def _set_methods(of, close):
    # type: (Any, Any) -> None
    for name, method in (("of", of), ("close", close)):
        setattr(TransportsPerLoop, name, method)
