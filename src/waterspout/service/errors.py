"""What a handler raises on purpose."""

from __future__ import absolute_import, division, print_function

from tornado.web import HTTPError


class InvalidInput(HTTPError):
    """The caller sent something we cannot use: answered as 400, with ``why`` as its text.

    Attributes:
        why (native str): one sentence for the caller; it is sent, so it holds no internals.
    """

    def __init__(self, why):
        # type: (str) -> None
        super(InvalidInput, self).__init__(400)
        self.why = why

    def __str__(self):
        # type: () -> str
        return self.why
