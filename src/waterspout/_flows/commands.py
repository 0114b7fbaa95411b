"""What a flow can ask of its driver."""

from __future__ import absolute_import, division, print_function


class Send(object):
    """Send this request; the flow gets the Response, or the error raised into it."""

    __slots__ = ("request", "options")

    def __init__(self, request, options):
        # type: (PreparedRequest, CallOptions) -> None
        self.request = request
        self.options = options


class Wait(object):
    """Wait for this Future or coroutine; the flow gets its result, or the error raised into it.

    Which is DeadlineExceeded when the time is up of the call that ``request`` belongs to.
    """

    __slots__ = ("awaitable", "request")

    def __init__(self, awaitable, request):
        # type: (Any, PreparedRequest) -> None
        self.awaitable = awaitable
        self.request = request


class Done(object):
    """The call's result. (A generator of Python 2.7 cannot ``return`` one.)"""

    __slots__ = ("response",)

    def __init__(self, response):
        # type: (Response) -> None
        self.response = response
