"""The errors of cassettes."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401


class InvalidCassette(ValueError):
    """The file is no cassette, or not one that this version reads; the text names file and place.

    Raised when the cassette is opened. The file was not changed.
    """


class NotRecorded(AssertionError):
    """The cassette has no answer for this request, and its mode does not record one.

    Nothing was sent. Since it is not a `waterspout.RequestException`, neither an SDK with
    ``errors="empty"`` nor a handler that answers 502 takes it for a failure of the upstream; and
    the end of the cassette's ``with`` raises it again. A retry fails again.

    Attributes:
        request (PreparedRequest): the request.
    """

    def __init__(self, message, request=None):
        # type: (str, Optional[PreparedRequest]) -> None
        super(NotRecorded, self).__init__(message)
        self.request = request
