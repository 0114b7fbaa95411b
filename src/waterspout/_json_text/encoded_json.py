"""EncodedJSON: a value for ``json=`` whose JSON the caller already has."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, text_type, to_bytes

if TYPE_CHECKING:
    from typing import Text, Union  # noqa: F401


class EncodedJSON(object):
    """JSON that is sent as it is, in place of a value for ``json=`` or ``write_json()``.

    For a body that a service passes on, a value that is sent often, or the output of another JSON
    library::

        sdk.fetch_async("POST", "/hosts", json=EncodedJSON(self.body))

    Numbers, spaces and the order of names stay as they were written, and nothing is encoded. The
    Content-Type is that of any ``json=``.

    Args:
        content (bytes or text): one JSON text; text is sent in UTF-8. It is not checked.
    Raises: TypeError: ``content`` is neither.
    """

    __slots__ = ("content",)

    def __init__(self, content):
        # type: (Union[bytes, Text]) -> None
        if isinstance(content, text_type):
            content = to_bytes(content)
        if not isinstance(content, bytes):
            raise TypeError(
                "EncodedJSON takes the bytes or the text of a JSON value, not %s"
                % type(content).__name__)
        self.content = content  # type: bytes

    def __eq__(self, other):
        # type: (object) -> bool
        if not isinstance(other, EncodedJSON):
            return NotImplemented
        return self.content == other.content

    def __ne__(self, other):  # py2: does not follow from __eq__
        # type: (object) -> bool
        return not self == other

    def __hash__(self):
        # type: () -> int
        return hash(self.content)

    def __repr__(self):
        # type: () -> str
        return "<EncodedJSON of %d bytes>" % len(self.content)  # Not the bytes: they may be secret.
