"""Request ids: made here, or taken from a request if they are harmless."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING
from waterspout._compat.process_random import random_bits

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

#: The header field, in requests and responses.
REQUEST_ID = "X-Request-ID"

#: Characters of an id that is taken over, at most.
MAX_LENGTH = 128

#: What UUIDs, W3C and AWS trace ids, base64 and host names consist of: nothing that could end a
#: line of a log, or be taken for markup.
_is_valid = re.compile(r"[A-Za-z0-9._:/+=@-]{1,%d}\Z" % MAX_LENGTH).match


def make_request_id():
    # type: () -> str
    """A new id: 32 hexadecimal digits, random in every process."""
    return "%032x" % random_bits(128)


def valid_request_id(text):
    # type: (Optional[str]) -> Optional[str]
    """``text`` if it can be taken over: 1 to 128 letters, digits and ``._:/+=@-``; else None."""
    return text if text and _is_valid(text) else None
