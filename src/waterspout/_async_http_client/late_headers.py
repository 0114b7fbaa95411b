"""LateHeaders: Tornado's HTTPHeaders, made when somebody looks at them."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.httputil import HTTPHeaders


class LateHeaders(HTTPHeaders):
    """Headers of a request or response; most programs look at few of them.

    Everything that `HTTPHeaders` keeps comes into being at the first access to any of it.

    Args:
        source: what a subclass makes them of.
    """

    def __init__(self, source):
        self.__dict__["_source"] = source

    def __getattr__(self, name):
        source = self.__dict__.pop("_source", None)
        if source is None:
            raise AttributeError(name)
        super(LateHeaders, self).__init__()
        for field, value in self._pairs(source):
            self.add(native(field), native(value))
        return getattr(self, name)

    @staticmethod
    def _pairs(source):
        # type: (Any) -> Iterable[Tuple[bytes, bytes]]
        """Name and value of each field."""
        raise NotImplementedError()


def native(raw):
    # type: (bytes) -> str
    """As Tornado reads heads: Latin-1 on the wire, native strings in the program."""
    return native_str(raw.decode("latin-1"))
