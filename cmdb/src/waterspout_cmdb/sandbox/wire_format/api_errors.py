"""What the sandbox refuses: the vendor's codes, their names and their HTTP statuses."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str


class SandboxError(Exception):
    """A request, or one row of it, that is refused; raise one of the subclasses.

    Attributes:
        code (int), name (native str), status (int): the vendor's code, its name, and the HTTP
            status that goes with it.
        text (text): one sentence for the caller.
    """

    code = 100011
    name = "INTERNAL"
    status = 500

    def __init__(self, text):
        # type: (Text) -> None
        super(SandboxError, self).__init__(text)
        self.text = text

    def __str__(self):
        # type: () -> str
        return native_str(self.text)


class InvalidArgument(SandboxError):
    """The request itself is wrong, whatever is stored."""

    code = 100000
    name = "INVALID_ARGUMENT"
    status = 400


class FailedPrecondition(SandboxError):
    """The request is fine, what is stored does not allow it."""

    code = 100001
    name = "FAILED_PRECONDITION"
    status = 400


class Unauthenticated(SandboxError):
    """The caller did not say who it is."""

    code = 100003
    name = "UNAUTHENTICATED"
    status = 401


class NotFound(SandboxError):
    """No such path, model or instance."""

    code = 100005
    name = "NOT_FOUND"
    status = 404


class PermissionDenied(SandboxError):
    """The caller may not do this."""

    code = 100004
    name = "PERMISSION_DENIED"
    status = 403


class AlreadyExists(SandboxError):
    """A value that must be unique is taken."""

    code = 100007
    name = "ALREADY_EXISTS"
    status = 409


class NotBuilt(SandboxError):
    """The vendor's CMDB does this, the sandbox does not; the text names the feature."""

    code = 100012
    name = "UNIMPLEMENTED"
    status = 501

    def __init__(self, feature):
        # type: (Text) -> None
        super(NotBuilt, self).__init__(u"the sandbox does not do this: %s" % feature)


class DeadlineExceeded(SandboxError):
    """It took too long and was stopped; nothing of it is stored."""

    code = 100014
    name = "DEADLINE_EXCEEDED"
    status = 504


class Unavailable(SandboxError):
    """Not now, and not because of the request."""

    code = 100013
    name = "UNAVAILABLE"
    status = 503


def kind_for_status(status):
    # type: (int) -> Type[SandboxError]
    """The error class for an HTTP status that the web server chose.

    The vendor's table pairs each code with one status and has none for 405 or 413; those are
    told apart by their status and take the code that is nearest in meaning.
    """
    return _BY_STATUS.get(status, InvalidArgument if status < 500 else SandboxError)


_BY_STATUS = {403: PermissionDenied, 404: NotFound, 405: NotBuilt, 503: Unavailable}
