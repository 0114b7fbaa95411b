"""LateHeaders: Tornado's HTTPHeaders, parsed when they are first used."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.httputil import HTTPHeaders


class LateHeaders(HTTPHeaders):
    """Headers of a request or response; most programs use few of them.

    The attributes of `HTTPHeaders` are made at the first access to any of them.

    Args:
        source: parsed by the subclass.
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
    """Decode as Tornado does: Latin-1 bytes to a native string."""
    return native_str(raw.decode("latin-1"))
