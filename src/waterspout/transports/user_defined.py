"""A user's own transport: any object with ``send(request, options)`` and ``close()``."""

from __future__ import absolute_import, division, print_function

import inspect

from waterspout.transports.base import Transport


class UserTransport(Transport):
    """Passes every call to the user's object."""

    def __init__(self, transport):
        # type: (Any) -> None
        self.send = transport.send
        self.close = transport.close


def check_transport(transport):
    # type: (Any) -> None
    """Raise TypeError unless the object has both methods, and ``send`` takes two arguments."""
    if not (hasattr(transport, "close") and _takes_two(getattr(transport, "send", None))):
        raise TypeError(
            "transport=%r must have send(request, options) and close()" % (transport,))


def _takes_two(function):
    """Whether ``function`` can be called with two arguments; True if that is unknown."""
    arguments = [None, None]
    if inspect.ismethod(function):
        function = function.__func__
        arguments.append(None)
    while hasattr(function, "__wrapped__"):  # By `tornado.gen.coroutine`, for example.
        function = function.__wrapped__
    if not inspect.isfunction(function):
        return callable(function)
    try:
        inspect.getcallargs(function, *arguments)
    except TypeError:
        return False
    return True
