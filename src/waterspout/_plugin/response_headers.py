"""ResponseHeaders: Tornado's HTTPHeaders, parsed when somebody looks at them."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.httputil import HTTPHeaders


class ResponseHeaders(HTTPHeaders):
    """The headers of a response head; most programs look at few responses' headers.

    Everything that `HTTPHeaders` keeps comes into being at the first access to any of it.

    Args:
        head (ResponseHead).
    """

    def __init__(self, head):
        # type: (ResponseHead) -> None
        self.__dict__["_head"] = head

    def __getattr__(self, name):
        head = self.__dict__.pop("_head", None)
        if head is None:
            raise AttributeError(name)
        super(ResponseHeaders, self).__init__()
        for field, value in head.pairs():
            self.add(native(field), native(value))
        return getattr(self, name)


def native(raw):
    # type: (bytes) -> str
    """As Tornado reads heads: Latin-1 on the wire, native strings in the program."""
    return native_str(raw.decode("latin-1"))
