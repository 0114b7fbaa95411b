"""RequestDeadlines: the deadline of each request, and the refusal of one that came too late."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.policies.deadline import Deadline, DeadlineHeader

if TYPE_CHECKING:
    from typing import Any, Optional, Tuple  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401

    from waterspout.instrumentation.call_context import CallContext  # noqa: F401

#: What the access log calls these refusals.
REFUSAL_KIND = "deadline"

_UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds"}


class RequestDeadlines(object):
    """
    Args:
        header (DeadlineHeader): the field, and what counts for requests without it.
    Raises: TypeError: it is none.
    """

    def __init__(self, header):
        # type: (Any) -> None
        if not isinstance(header, DeadlineHeader):
            raise TypeError("deadline=%r: give a waterspout.DeadlineHeader, such as "
                            'DeadlineHeader("X-Request-Timeout-Ms")' % (header,))
        self._header = header

    def begin(self, request, context):
        # type: (HTTPServerRequest, CallContext) -> None
        """The head of ``request`` has arrived: its time runs. Set the deadline of its context.

        A field that is not valid is left for `refusal`: an error is answered by a handler.
        """
        header = self._header
        try:
            left = header.seconds_in(request.headers.get(header.name))
        except ValueError:
            return
        if left is not None:
            context.deadline = Deadline.after(left, header)

    def refusal(self, request, context):
        # type: (HTTPServerRequest, CallContext) -> Optional[Tuple[int, str]]
        """The status and the sentence with which ``request`` is refused; None if it is not.

        As a call is refused that begins with as little time.
        """
        header, deadline = self._header, context.deadline
        if deadline is None:
            try:
                header.seconds_in(request.headers.get(header.name))
            except ValueError:
                # Nothing of the field is quoted: the client has chosen it.
                return 400, "the field %s must be one number of %s, without sign and exponent" % (
                    header.name, _UNITS[header.unit])
            return None
        left = deadline.left()
        if left > deadline.least:
            return None
        return 504, "too little time is left to answer: %.3g s by %s, and more than %g s are " \
            "needed" % (max(0.0, left), header.name, deadline.least)
