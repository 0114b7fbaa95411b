"""Cells as IP addresses: 10.0.0.1 or 2001:db8::1, kept as written."""

from __future__ import absolute_import, division, print_function

import re
import socket

from tornado.escape import native_str
from tornado.util import unicode_type

from waterspout_cmdb.bulk.mapping.conversions.unreadable import Unreadable

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Callable, Text  # noqa: F401

_OCTET = u"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_is_v4 = re.compile(u"%s(?:\\.%s){3}\\Z" % (_OCTET, _OCTET)).match
_may_be_v6 = re.compile(u"[0-9a-fA-F:.]{2,45}\\Z").match

_FOUR_NUMBERS = re.compile(u"([0-9]{1,6})\\.([0-9]{1,6})\\.([0-9]{1,6})\\.([0-9]{1,6})")
_WANTED = u"is not an IP address; write for example 10.0.0.1 or 2001:db8::1"


def converter(attribute, rules, is_json):
    # type: (Attribute, Rules, bool) -> Callable[[Any], Text]
    """Return the function that makes a cell an IP address."""
    return as_ip_address


def as_ip_address(cell):
    # type: (Any) -> Text
    """Return a cell as the text of an IP address. Raises: Unreadable."""
    if cell.__class__ is not unicode_type:
        raise Unreadable(_WANTED)
    if _is_v4(cell) or (_may_be_v6(cell) and _is_v6(cell)):
        return cell
    raise Unreadable(_reason(cell))


def _is_v6(text):
    tail = text.rpartition(u":")[2]
    if u"." in tail and not _is_v4(tail):
        return False  # Whether zeros in front are refused depends on the system.
    try:
        socket.inet_pton(socket.AF_INET6, native_str(text))
    except (socket.error, ValueError):
        return False
    return True


def _reason(text):
    if re.search(u"[,;\\s]", text):
        return u"is not one IP address; write just one, for example 10.0.0.1"
    if u"%" in text:
        return u"is an address with a zone; write it without the part from % on"
    if u"/" in text:
        return u"is a network, not one IP address; write for example 10.0.0.1"
    numbers = _FOUR_NUMBERS.match(text)
    if numbers and text[numbers.end():].startswith(u":"):
        return u"has a port; write just the address, %s" % numbers.group()
    if numbers and numbers.end() == len(text):
        if any(int(each) > 255 for each in numbers.groups()):
            return u"is not an IP address: its numbers are from 0 to 255"
        plain = u".".join(u"%d" % int(each) for each in numbers.groups())
        return u"has zeros in front of a number, which some programs read as octal; write %s" % (
            plain)
    return _WANTED
