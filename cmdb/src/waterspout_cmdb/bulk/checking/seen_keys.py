"""SeenKeys: finds rows of a file that have the same key, in the same memory whatever the size."""

from __future__ import absolute_import, division, print_function

import hashlib
import json
import os

from tornado.util import unicode_type

from waterspout_cmdb.bulk.checking.key_runs import KeyRuns

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Text, Tuple  # noqa: F401

#: Keys that wait in memory to be written together, in their order.
_BATCH = 40000

#: Bits that say which keys surely were not seen: 8 MiB. With 3,000,000 keys, 2 % of the keys must
#: be looked for in the file although they are new.
_BITS = 2 ** 26

_SPACE = 2 ** 63


class SeenKeys(object):
    """Remembers the keys of rows in a temporary file.

    Keys are looked for by a number of 64 bits, a hash. A key that is found is compared itself: two
    keys with the same hash are never taken for one.

    Args:
        path (str): of the temporary file, which is removed by `close`; None: SQLite chooses one.
        hash_of (callable): the number of a key's text; tests give one with collisions.
    """

    def __init__(self, path=None, hash_of=None):
        # type: (Optional[str], Any) -> None
        self._hash_of = hash_of or _hash
        self._runs = KeyRuns(path)
        self._waiting = {}  # type: Dict[int, Tuple[int, Text]]
        self._bits = bytearray(_BITS // 8)

    def add(self, key, row_number):
        # type: (Tuple, int) -> Optional[int]
        """Remember a row's key; return the number of the first row that has it, or None.

        Args:
            key (tuple): of texts, numbers and booleans; 4 and 4.0 are the same.
        """
        text = key[0] if len(key) == 1 and isinstance(key[0], unicode_type) else _as_text(key)
        number = self._hash_of(text)
        bit = number % _BITS
        if self._bits[bit >> 3] & (1 << (bit & 7)):
            number, first = self._look_for(number, text)
            if first is not None:
                return first
            bit = number % _BITS
        self._bits[bit >> 3] |= 1 << (bit & 7)
        self._waiting[number] = (row_number, text)
        if len(self._waiting) >= _BATCH:
            self._write()
        return None

    def close(self):
        # type: () -> None
        """Remove the temporary file. It can be called again."""
        self._runs.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _look_for(self, number, text):
        """Return the key's place and its row, or the place that it can have and None.

        A key whose place another one has goes to the next free one.
        """
        while True:
            found = self._waiting.get(number) or self._runs.find(number)
            if found is None:
                return number, None
            if found[1] == text:
                return number, found[0]
            number = number + 1 if number + 1 < _SPACE else -_SPACE

    def _write(self):
        self._runs.write(sorted((number,) + each for number, each in self._waiting.items()))
        self._waiting.clear()


def _as_text(key):
    """Return a key as one text; equal keys have equal ones."""
    return u"%s" % json.dumps([
        int(each) if isinstance(each, float) and each.is_integer() else each for each in key])


if str is bytes:  # Python 2.7.
    # Its hash() is the same in every process, so that a file could have many keys with one hash.
    _SALT = os.urandom(16)

    def _hash(text):
        digest = hashlib.sha1(_SALT + text.encode("utf-8")).hexdigest()
        return int(digest[:16], 16) - _SPACE
else:
    _hash = hash
