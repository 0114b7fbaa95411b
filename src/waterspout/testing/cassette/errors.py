"""The errors of cassettes."""

from __future__ import absolute_import, division, print_function

from waterspout.exceptions import RequestException


class InvalidCassette(ValueError):
    """The file is no cassette, or not one that this version reads; the text names file and place.

    Raised when the cassette is opened. The file was not changed.
    """


class NotRecorded(RequestException, AssertionError):
    """The cassette has no answer for this request, and its mode does not record one.

    Nothing was sent. It is an AssertionError too: the test has failed. Code that handles it as any
    failed call (``errors="empty"`` of an SDK, a handler that answers 502) does not hide it: the end
    of the cassette's ``with`` raises it again.
    """
