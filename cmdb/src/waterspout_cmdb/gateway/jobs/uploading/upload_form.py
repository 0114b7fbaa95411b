"""UploadForm: from the parts of a form, one file and the fields beside it."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.gateway.jobs.uploading.multipart import END, MultipartParser
from waterspout_cmdb.gateway.jobs.uploading.part_head import BadMultipart, PartHead

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Optional, Text, Tuple  # noqa: F401

#: Bytes of the value of one field. A mapping of many columns is the longest of them.
MAX_FIELD_BYTES = 65536

#: The name of the part that is the file, if no part has a file name.
FILE = u"file"


class UploadForm(object):
    """Takes the body of a form piece by piece, and gives back that of its file.

    Args:
        boundary (bytes): as `form_boundary` has returned it.
    Attributes:
        fields (list of pairs of text): the other parts, in their order.
        filename (text or None): as the client has sent it: a name for people, and not for a path.
    """

    def __init__(self, boundary):
        # type: (bytes) -> None
        self.fields = []  # type: List[Tuple[Text, Text]]
        self.filename = None  # type: Optional[Text]
        self._parser = MultipartParser(boundary)
        self._has_file = False
        self._in_file = False
        self._name = u""
        self._value = bytearray()

    def __repr__(self):
        # type: () -> str
        return "<UploadForm %d fields>" % len(self.fields)

    def feed(self, data):
        # type: (bytes) -> bytes
        """Take the next bytes of the body; return those of the file in them.

        Raises: BadMultipart: the form is not valid, has a second file, or a field that is too long.
        """
        pieces = []
        for event in self._parser.feed(data):
            if isinstance(event, PartHead):
                self._begin(event)
            elif event is END:
                self._end()
            elif self._in_file:
                pieces.append(event)
            else:
                self._value += event
                if len(self._value) > MAX_FIELD_BYTES:
                    raise BadMultipart("a field of the form has more than %d bytes"
                                       % MAX_FIELD_BYTES)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def close(self):
        # type: () -> None
        """Say that the body is at its end. Raises: BadMultipart: it is cut off, or has no file."""
        self._parser.close()
        if not self._has_file:
            raise BadMultipart('the form has no file; with curl: -F file=@hosts.csv')

    def _begin(self, head):
        # type: (PartHead) -> None
        self._in_file = head.filename is not None or head.name == FILE
        self._name = head.name
        if self._in_file:
            if self._has_file:
                raise BadMultipart("the form has more than one file; make a job for each")
            self._has_file = True
            self.filename = head.filename

    def _end(self):
        # type: () -> None
        if not self._in_file:
            try:
                value = bytes(self._value).decode("utf-8")
            except UnicodeDecodeError:
                raise BadMultipart("a field of the form is not UTF-8")
            self.fields.append((self._name, value))
            self._value = bytearray()
        self._in_file = False
