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


class Done(object):
    """The call's result. (A generator of Python 2.7 cannot ``return`` one.)"""

    __slots__ = ("response",)

    def __init__(self, response):
        # type: (Response) -> None
        self.response = response
