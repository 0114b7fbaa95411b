"""The exceptions that users of the kit raise or catch."""

from __future__ import absolute_import, division, print_function

from tornado.web import HTTPError

from waterspout._compat import TYPE_CHECKING, integer_types, text_type

if TYPE_CHECKING:
    from typing import Any, List, Mapping, Optional  # noqa: F401


class Refusal(HTTPError):
    """Raise it in a handler to answer with an error and a reason.

    Attributes:
        status_code (int): of the response, from 400 to 599 (RFC 9110 section 15).
        why (native str): one sentence for the client. It is sent: put no internals into it.
        headers (mapping): header fields of the response, such as ``Retry-After``.
        kind (native str): what the access log and the counters call it, if a check in
            ``Application.head_checks`` has returned it. It is not sent.
    Raises:
        TypeError: ``status_code`` is not an int, or ``why`` is not text. Uncaught, it is a bug
            like any other: the response is a 500 with an incident id.
        ValueError: ``status_code`` is not one of an error. Uncaught: the same.
    """

    def __init__(self, status_code, why, headers=None, kind="head check"):
        # type: (int, str, Optional[Mapping[str, str]], str) -> None
        _check(status_code, why)
        super(Refusal, self).__init__(status_code)
        self.why = why
        self.headers = dict(headers or {})
        self.kind = kind

    def __str__(self):
        # type: () -> str
        return self.why


class InvalidInput(Refusal):
    """The request's body or arguments cannot be used. The response is a 400 with the reason."""

    def __init__(self, why):
        # type: (str) -> None
        super(InvalidInput, self).__init__(400, why)


class InvalidBody(InvalidInput):
    """The body is JSON, but not what ``JSONHandler.json_validator`` asks for.

    The response is a 400, like that to a body which is no JSON: clients have to do the same.

    Attributes:
        errors (list of BodyError): where it is wrong; the first 20 at most.
    """

    def __init__(self, errors):
        # type: (List[Any]) -> None
        super(InvalidBody, self).__init__("the body is not as it must be")
        self.errors = errors


class ListenError(Exception):
    """The service cannot listen: the port is in use, the address is not local, or no permission.

    ``str()`` is one line for the person who started the program.
    """


class PidFileError(Exception):
    """The pid file cannot be written: a running process has it, or the system refuses.

    ``str()`` is one line for the person who started the program.
    """


class ConfigurationError(ValueError):
    """The configuration, or a file that it names, of keys or certificates, cannot be used.

    ``str()`` is for the person who started the program: it names the file, and the place in it.
    Raise it, or a class of your own that is one, in ``serve(reload=...)``: then the log says why
    the service goes on as before, without a traceback.
    """


class CallCancelled(Exception):
    """The Future that a handler waited for, through `uncancelled`, was cancelled."""


def _check(status_code, why):
    # type: (int, str) -> None
    is_status = isinstance(status_code, integer_types) and not isinstance(status_code, bool)
    if not is_status and isinstance(why, integer_types):
        raise TypeError(
            "the order is Refusal(status_code, why), not Refusal(%r, %r)" % (status_code, why)
        )
    if not is_status:
        raise TypeError("status_code must be an int, not %r" % (status_code,))
    if not 400 <= status_code <= 599:
        raise ValueError("status_code must be from 400 to 599, not %d" % status_code)
    if not isinstance(why, (str, text_type)):
        raise TypeError("why must be a str, not %r" % (why,))
