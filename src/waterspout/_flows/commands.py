"""The commands that a flow yields to its driver."""

from __future__ import absolute_import, division, print_function


class Send(object):
    """Send this request. The flow is sent the Response, or its error is raised in the flow."""

    __slots__ = ("request", "options")

    def __init__(self, request, options):
        # type: (PreparedRequest, CallOptions) -> None
        self.request = request
        self.options = options


class Wait(object):
    """Wait for this Future or coroutine. The flow is sent its result, or its error is raised there.

    The error is DeadlineExceeded if the deadline of the call passes first.
    """

    __slots__ = ("awaitable", "request")

    def __init__(self, awaitable, request):
        # type: (Any, PreparedRequest) -> None
        self.awaitable = awaitable
        self.request = request


class Pause(object):
    """Wait for ``seconds`` before ``attempt`` is followed by another. The flow is sent None."""

    __slots__ = ("seconds", "attempt")

    def __init__(self, seconds, attempt):
        # type: (float, Attempt) -> None
        self.seconds = seconds
        self.attempt = attempt


class Turn(object):
    """Wait until a bulkhead has a place for this request. The flow is sent None.

    The error is PoolTimeout if that takes longer than ``seconds`` (None: no limit), or
    DeadlineExceeded.

    Attributes:
        then (callable): set by the driver; `begin` calls it.
    """

    __slots__ = ("request", "options", "seconds", "then")

    def __init__(self, request, options, seconds):
        # type: (PreparedRequest, CallOptions, Optional[float]) -> None
        self.request = request
        self.options = options
        self.seconds = seconds
        self.then = None  # type: Optional[Callable[[], None]]

    def begin(self):
        # type: () -> None
        """There is a place now."""
        if self.then is not None:
            self.then()


class Done(object):
    """The call's result. (A generator of Python 2.7 cannot ``return`` one.)"""

    __slots__ = ("response",)

    def __init__(self, response):
        # type: (Response) -> None
        self.response = response
