"""StreamsLoop: an IOLoop that reports events of streams without a descriptor."""

from __future__ import absolute_import, division, print_function


class StreamsLoop(object):
    """The given IOLoop, except that its handlers are those of `MemoryStream`.

    The pool and the server's connections take it for an IOLoop, so that they are the same code
    with sockets and without.

    Args:
        io_loop (IOLoop): where everything runs.
    """

    def __init__(self, io_loop):
        # type: (Any) -> None
        self._io_loop = io_loop

    def add_handler(self, stream, handler, events):
        # type: (MemoryStream, Callable, int) -> None
        """Have ``handler(stream, events)`` called while one of ``events`` can be handled."""
        stream.report(handler, events)

    def update_handler(self, stream, events):
        # type: (MemoryStream, int) -> None
        """The same handler, for other events."""
        stream.report(stream.handler, events)

    def remove_handler(self, stream):
        # type: (MemoryStream) -> None
        """Call the handler no more."""
        stream.report(None, 0)

    def __getattr__(self, name):
        # type: (str) -> Any
        return getattr(self._io_loop, name)
