"""One entry of a file of keys, checked field by field."""

from __future__ import absolute_import, division, print_function

import calendar
import re
import time

from waterspout._compat import TYPE_CHECKING, integer_types, text_type, to_native
from waterspout.service._access.api_key import ID, SHA256
from waterspout.service._access.permissions import Permissions, shown
from waterspout.service._access.principal import ANY, Principal

if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Tuple  # noqa: F401

_FIELDS = ("name", "id", "sha256", "certificate", "allow", "orgs", "users", "expires", "note")

_NAME = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,99}\Z")
_VALUE = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,200}\Z")  # Of a header field, without commas.
_CERTIFICATE = re.compile(r"(?:CN=|DNS:|URI:|email:)[\x20-\x7e]{1,200}\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?\Z")

_DAY = 86400.0


class KeyEntry(object):
    """What one entry permits, to whom, and until when.

    Args:
        fields (mapping): the entry, decoded from JSON.
        names (mapping or None): named permissions, as for `Permissions`.
    Attributes:
        id, sha256 (native str or None): of the key; None for a certificate.
        certificate (native str or None): the name in the certificate; None for a key.
        expires (float or None): in seconds since 1970.
        principal (Principal)
    Raises: ValueError: a field is missing, unknown or not valid. The text names it.
    """

    __slots__ = ("id", "sha256", "certificate", "expires", "principal")

    def __init__(self, fields, names=None):
        # type: (Mapping[str, Any], Optional[Mapping[str, List[str]]]) -> None
        for field in sorted(fields):
            if field not in _FIELDS:
                raise ValueError("%s is not a field; the fields are %s"
                                 % (shown(field), ", ".join(_FIELDS)))
        name = _text(fields, "name", _NAME, "1 to 100 printable characters of ASCII")
        self.certificate = None  # type: Optional[str]
        self.id = self.sha256 = None  # type: Optional[str]
        if "certificate" in fields:
            if "id" in fields or "sha256" in fields:
                raise ValueError("it has \"certificate\" and a key; make two entries of it")
            self.certificate = _text(
                fields, "certificate", _CERTIFICATE,
                "CN=name of the subject, or DNS:name, URI:name or email:name")
        else:
            self.id = _text(fields, "id", ID, "12 hexadecimal digits in lower case")
            self.sha256 = _text(
                fields, "sha256", SHA256, "64 hexadecimal digits in lower case, of the whole key")
        allow = _list(fields, "allow")
        if allow is None:
            raise ValueError("\"allow\" is missing: write [\"*\"] to permit everything")
        self.expires = _expiry(fields)
        if not isinstance(fields.get("note", ""), (str, text_type)):
            raise ValueError("\"note\" must be text, not %s" % shown(fields["note"]))
        self.principal = Principal(
            name, Permissions(allow, names), self.id, _values(fields, "orgs"),
            _values(fields, "users"))

    def __repr__(self):
        # type: () -> str
        return "<KeyEntry %s of %r>" % (self.id or self.certificate, self.principal.name)


def _text(fields, name, pattern, form):
    # type: (Mapping[str, Any], str, Any, str) -> str
    value = fields.get(name)
    if value is None:
        raise ValueError("\"%s\" is missing: %s" % (name, form))
    if not isinstance(value, (str, text_type)) or not pattern.match(value):
        # Without the value: somebody may have written a whole key there.
        raise ValueError("\"%s\" must be %s" % (name, form))
    return to_native(value)


def _list(fields, name):
    # type: (Mapping[str, Any], str) -> Optional[List[Any]]
    value = fields.get(name)
    if value is not None and not isinstance(value, (list, tuple)):
        raise ValueError("\"%s\" must be a list, not %s" % (name, shown(value)))
    return None if value is None else list(value)


def _values(fields, name):
    # type: (Mapping[str, Any], str) -> Tuple[str, ...]
    """The organisations or users: numbers or text, as they are in a header field."""
    values = []
    for value in _list(fields, name) or ():
        if isinstance(value, integer_types) and not isinstance(value, bool):
            value = "%d" % value
        if not isinstance(value, (str, text_type)) or not _VALUE.match(value):
            raise ValueError(
                "\"%s\" has %s; write numbers, or text of printable ASCII without spaces and "
                "commas" % (name, shown(value)))
        values.append(to_native(value))
    if ANY in values and len(values) > 1:
        raise ValueError("\"%s\" has \"*\", which means all, and others" % name)
    return tuple(values)


def _expiry(fields):
    # type: (Mapping[str, Any]) -> Optional[float]
    value = fields.get("expires")
    if value is None:
        return None
    match = _DATE.match(value) if isinstance(value, (str, text_type)) else None
    if match is None:
        raise ValueError("\"expires\" must be a date such as 2027-12-31, or a time such as "
                         "2027-12-31T12:00:00Z, not %s" % shown(value))
    try:
        # In UTC; the key is valid until the end of that day.
        if match.group(1):
            return float(calendar.timegm(time.strptime(value, "%Y-%m-%dT%H:%M:%SZ")))
        return calendar.timegm(time.strptime(value, "%Y-%m-%d")) + _DAY
    except ValueError:
        raise ValueError("\"expires\" is %s, and there is no such date" % shown(value))
