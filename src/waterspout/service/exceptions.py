"""The exceptions that users of the kit raise or catch."""

from __future__ import absolute_import, division, print_function

from tornado.web import HTTPError

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Mapping, Optional  # noqa: F401


class Refusal(HTTPError):
    """Raise it in a handler to answer with an error and a reason.

    Attributes:
        status_code (int): of the response.
        why (native str): one sentence for the client. It is sent: put no internals into it.
        headers (mapping): header fields of the response, such as ``Retry-After``.
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
    """The request's body or arguments cannot be used. The response is a 400 with the reason."""

    def __init__(self, why):
        # type: (str) -> None
        super(InvalidInput, self).__init__(400, why)


class ListenError(Exception):
    """The service cannot listen: the port is in use, the address is not local, or no permission.

    ``str()`` is one line for the person who started the program.
    """


class CallCancelled(Exception):
    """The Future that a handler waited for, through `uncancelled`, was cancelled."""
