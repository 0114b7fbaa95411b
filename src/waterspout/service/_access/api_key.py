"""API keys: how they look, how they are made, and what of them is stored.

A key is ``wsk_``, the id of 12 hexadecimal digits, ``_``, and a secret of 64. A file of keys has
the id and the SHA-256 of the whole key. A slow hash with salt, as passwords need it, would add
nothing: the secret is 32 random bytes. They cannot be tried out, at any speed. The prefix and the
fixed form let scanners find a key that was published by mistake.
"""

from __future__ import absolute_import, division, print_function

import binascii
import hashlib
import os
import re

from waterspout._compat import TYPE_CHECKING, to_native

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

PREFIX = "wsk_"

_ID_BYTES = 6
_SECRET_BYTES = 32

#: A key id, a whole key, and the hash of one.
ID = re.compile(r"[0-9a-f]{12}\Z")
_KEY = re.compile(r"wsk_([0-9a-f]{12})_[0-9a-f]{64}\Z")
SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class NewAPIKey(object):
    """A key that was just made.

    Attributes:
        key (native str): the secret, for the client alone. It is not stored anywhere.
        id (native str): its first part, which logs and the file of keys have.
        sha256 (native str): what the file of keys has of it.
    """

    def __init__(self, key):
        # type: (str) -> None
        self.key = key
        self.id = id_of(key)
        self.sha256 = hash_of(key)

    def __repr__(self):
        # type: () -> str
        return "<NewAPIKey id=%s>" % self.id


def make_api_key():
    # type: () -> NewAPIKey
    """Return a new random key. Two calls never return the same one."""
    return NewAPIKey(
        "%s%s_%s" % (PREFIX, _random_digits(_ID_BYTES), _random_digits(_SECRET_BYTES)))


def id_of(key):
    # type: (str) -> Optional[str]
    """Return the id in a key; None if the text does not look like a key."""
    match = _KEY.match(key)
    return None if match is None else match.group(1)


def hash_of(key):
    # type: (str) -> str
    """Return the SHA-256 of a key, in hexadecimal digits. Call it only if `id_of` finds an id."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()


def _random_digits(count):
    # type: (int) -> str
    return to_native(binascii.hexlify(os.urandom(count)))
