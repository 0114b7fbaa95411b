"""JSON Pointers (RFC 6901): where in a document something is."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, quote, text_type

if TYPE_CHECKING:
    from typing import Iterable, Text, Union  # noqa: F401

#: Characters that a fragment may have beside letters and digits (RFC 3986 section 3.5).
_IN_FRAGMENT = "/?:@!$&'()*+,;=-._~"


def json_pointer(path):
    # type: (Iterable[Union[Text, int]]) -> Text
    """Return the pointer of a place, which `path` reaches from the root: ``/datas/3/name``."""
    return u"".join(
        u"/" + text_type(step).replace(u"~", u"~0").replace(u"/", u"~1") for step in path)


def as_fragment(pointer):
    # type: (Text) -> str
    """Return a pointer as the fragment of a URI: ``#/datas/3/name`` (RFC 6901 section 6)."""
    return "#" + quote(pointer.encode("utf-8", "replace"), safe=_IN_FRAGMENT)
