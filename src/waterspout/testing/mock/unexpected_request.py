"""UnexpectedRequest: the error of a call that the test does not expect."""

from __future__ import absolute_import, division, print_function


class UnexpectedRequest(AssertionError):
    """A request was sent that no expectation of a `MockTransport` matches.

    The call fails with it. Since it is not a `waterspout.RequestException`, neither an SDK with
    ``errors="empty"`` nor a handler that answers 502 takes it for a failure of the upstream; and
    `MockTransport.check` raises it again. A retry fails again.
    """
