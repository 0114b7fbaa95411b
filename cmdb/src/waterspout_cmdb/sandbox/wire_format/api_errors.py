"""The errors that the API answers with: the vendor's codes, their names and HTTP statuses."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

from waterspout_cmdb.sdk import error_codes


class SandboxError(Exception):
    """A request, or one row of it, is refused; raise one of the subclasses.

    Attributes:
        code (int), name (native str), status (int): the vendor's code, its name and its HTTP
            status.
        text (text): one sentence for the caller.
    """

    code, name, status = error_codes.INTERNAL

    def __init__(self, text):
        # type: (Text) -> None
        super(SandboxError, self).__init__(text)
        self.text = text

    def __str__(self):
        # type: () -> str
        return native_str(self.text)


class InvalidArgument(SandboxError):
    """The request itself is wrong; the stored data does not matter."""

    code, name, status = error_codes.INVALID_ARGUMENT


class FailedPrecondition(SandboxError):
    """The request is valid, but the stored data does not allow it."""

    code, name, status = error_codes.FAILED_PRECONDITION


class Unauthenticated(SandboxError):
    """A header that identifies the caller is missing."""

    code, name, status = error_codes.UNAUTHENTICATED


class NotFound(SandboxError):
    """There is no such path, model, relation or instance."""

    code, name, status = error_codes.NOT_FOUND


class PermissionDenied(SandboxError):
    """The caller may not do this."""

    code, name, status = error_codes.PERMISSION_DENIED


class AlreadyExists(SandboxError):
    """A name or a value that must be unique exists already."""

    code, name, status = error_codes.ALREADY_EXISTS


class Unimplemented(SandboxError):
    """The vendor's CMDB has this feature and the sandbox does not; the text names it."""

    code, name, status = error_codes.UNIMPLEMENTED

    def __init__(self, feature):
        # type: (Text) -> None
        super(Unimplemented, self).__init__(u"the sandbox does not do this: %s" % feature)


class DeadlineExceeded(SandboxError):
    """The request took too long and was stopped; nothing was stored."""

    code, name, status = error_codes.DEADLINE_EXCEEDED


class Unavailable(SandboxError):
    """The sandbox cannot serve now; the request is not the cause."""

    code, name, status = error_codes.UNAVAILABLE


def kind_for_status(status):
    # type: (int) -> Type[SandboxError]
    """Return the error class for an HTTP status that the web server chose.

    The vendor's table has one status for each code, and no code for 405 and 413. These take the
    code that is nearest in meaning.
    """
    return _BY_STATUS.get(status, InvalidArgument if status < 500 else SandboxError)


_BY_STATUS = {403: PermissionDenied, 404: NotFound, 405: Unimplemented, 503: Unavailable}
