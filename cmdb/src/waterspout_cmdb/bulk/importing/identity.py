"""Which import a journal records: its source, by size and SHA-256, and what shapes its rows."""

from __future__ import absolute_import, division, print_function

import hashlib
import io
import os
import stat

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Text  # noqa: F401

#: Bytes hashed between two turns of the loop, some 10 ms.
PIECE = 4 << 20


class SourceChanged(BulkError):
    """The file is not what it was when the import began: it cannot go on."""


class SourceFile(object):
    """The file that is read, twice: it must be the same until the end.

    Args:
        path (text): a local file.
        shown (text): what the user called it.
    Attributes:
        size (int): in bytes.
        sha256 (text or None): in hex, once it is `hashed`.
        read (int): how many bytes are hashed so far.
    Raises: BulkError: it cannot be read.
    """

    def __init__(self, path, shown):
        # type: (Text, Text) -> None
        self.path = path
        self.shown = shown
        self._stamp = self._stamped()
        self.size = self._stamp[0]  # type: int
        self.sha256 = None  # type: Text | None
        self.read = 0

    def hashed(self):
        # type: () -> Iterator[None]
        """Read the file once, for its SHA-256; yields after each piece, for a turn of the loop."""
        digest = hashlib.sha256()
        try:
            with io.open(self.path, "rb", buffering=0) as file:
                piece = file.read(PIECE)
                while piece:
                    digest.update(piece)
                    self.read += len(piece)
                    yield
                    piece = file.read(PIECE)
        except EnvironmentError as error:
            raise BulkError(self._unreadable(error))
        self.check_unchanged()
        self.sha256 = u"%s" % digest.hexdigest()

    def check_unchanged(self):
        # type: () -> None
        """Raise SourceChanged if the file is not what it was at the beginning; reads nothing."""
        if self._stamped() != self._stamp:
            raise SourceChanged(
                "%s was changed while it was imported: what was sent stays in the CMDB; import it "
                "again from the beginning (--restart)" % self.shown)

    def _stamped(self):
        try:
            found = os.stat(self.path)
        except EnvironmentError as error:
            raise BulkError(self._unreadable(error))
        if not stat.S_ISREG(found.st_mode):
            raise BulkError(
                "%s is not a plain file: name one, or send the rows with: cat FILE | COMMAND -"
                % self.shown)
        # Also the nanoseconds, where Python knows them: two writes may be close together.
        changed = getattr(found, "st_mtime_ns", found.st_mtime)
        return found.st_size, changed, found.st_ino, found.st_dev

    def _unreadable(self, error):
        return "%s cannot be read: %s" % (self.shown, error.strerror or error)


def identity_of(source, object_id, keys, target, options):
    # type: (SourceFile, Text, List[Text], Any, ImportOptions) -> Dict[str, Any]
    """Return what must be the same for an import to go on, as values that JSON has.

    How large batches are, and how many are under way, may differ.
    """
    read = {name: value for name, value in options.read._asdict().items() if value is not None}
    return {
        "source": os.path.basename(source.shown),
        "size": source.size,
        "sha256": source.sha256,
        "object": object_id,
        "keys": list(keys),
        "target": target.name,
        "account": dict(getattr(target, "account", {})),
        "rules": options.rules.as_dict(),
        "options": dict(read, all_or_nothing=options.all_or_nothing),
    }
