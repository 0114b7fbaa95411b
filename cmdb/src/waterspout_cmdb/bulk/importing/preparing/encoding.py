"""Encoded rows: each document is one JSON object in UTF-8, as it is sent."""

from __future__ import absolute_import, division, print_function

import json

from tornado.escape import utf8

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

# Encoders are kept: json.dumps would make one for each row.
_as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_as_ascii = json.JSONEncoder(separators=(",", ":")).encode


def encode(document):
    # type: (Dict[str, Any]) -> bytes
    """Return a document as JSON; halves of surrogate pairs, which UTF-8 has not, are escaped."""
    try:
        return utf8(_as_text(document))
    except UnicodeError:
        return utf8(_as_ascii(document))
