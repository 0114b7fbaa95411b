"""What the kit's users raise or catch on purpose."""

from __future__ import absolute_import, division, print_function

from tornado.web import HTTPError


class Refusal(HTTPError):
    """A request we answer with an error, saying why.

    Attributes:
        status_code (int): of the answer.
        why (native str): one sentence for the caller; it is sent, so it holds no internals.
        headers (mapping): fields of the answer, such as ``Retry-After``.
    """

    def __init__(self, status_code, why, headers=None):
        # type: (int, str, Optional[Mapping[str, str]]) -> None
        super(Refusal, self).__init__(status_code)
        self.why = why
        self.headers = dict(headers or {})

    def __str__(self):
        # type: () -> str
        return self.why


class InvalidInput(Refusal):
    """The caller sent something we cannot use: answered as 400."""

    def __init__(self, why):
        # type: (str) -> None
        super(InvalidInput, self).__init__(400, why)


class ListenError(Exception):
    """The address cannot be listened on: in use, not ours, or not permitted.

    ``str()`` is one line for the person at the terminal.
    """
