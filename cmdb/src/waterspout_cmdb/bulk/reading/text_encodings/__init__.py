"""The encoding of a text file: named, marked, or found out."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.reading.text_encodings.finding import find_encoding, zero_bytes_tell

__all__ = ["find_encoding", "zero_bytes_tell"]
