"""ResponseHeaders: Tornado's HTTPHeaders, parsed when somebody looks at them."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.httputil import HTTPHeaders

from waterspout._compat import to_native


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
            # As in Tornado: Latin-1 on the wire, native strings in the program.
            self.add(to_native(field, "latin-1"), native_str(value.decode("latin-1")))
        return getattr(self, name)
