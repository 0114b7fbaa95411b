"""Which files can be split into ranges of their bytes."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.reading import places

#: Encodings in which bytes of ASCII mean something else, or the bytes before tell what they mean.
_NO_RANGES = ("utf-16", "utf-32", "utf-7", "utf_16", "utf_32", "utf_7", "hz", "iso2022")
_ASCII = bytes(bytearray(range(128)))


def refuse(table, codec):
    # type: (Table, str) -> None
    """Raise BulkError if a file's bytes cannot be cut between two rows."""
    if table.is_gzip:
        raise places.trouble(table.path, u"is in gzip, and cannot be split; unpack it first")
    try:
        is_ascii = _ASCII.decode(codec) == _ASCII.decode("ascii")
    except UnicodeError:
        is_ascii = False
    if not is_ascii or codec.startswith(_NO_RANGES):
        raise places.trouble(
            table.path, u"is in %s, and can be split only in UTF-8, GB18030, Latin-1 or another "
            u"encoding that has ASCII in it; save it as UTF-8" % codec)
