"""APIKeys: the clients of a service, from a file."""

from __future__ import absolute_import, division, print_function

import hmac
import json
import time

from waterspout._compat import TYPE_CHECKING
from waterspout.service._access.api_key import hash_of, id_of
from waterspout.service._access.key_entries import KeyEntry
from waterspout.service._access.permissions import shown
from waterspout.service.configuration_files import log_warning, others_may_read, read_file
from waterspout.service.exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional  # noqa: F401

    from waterspout.service._access.principal import Principal  # noqa: F401

_WHAT = "the file of API keys"
_SUBJECT = "The file of API keys"

#: What an unknown id is compared with, so that it costs what a wrong key costs.
_NOBODY = "0" * 64

#: Seconds before its end from which on a key is reported when the file is read.
_SOON = 14 * 86400.0


class APIKeys(object):
    """The API keys, and the names in client certificates, that a service accepts.

    Read it once, before worker processes are forked, and again at a reload.

    Args:
        entries (iterable of mapping): as in the file; see :meth:`read`.
        permissions (mapping of str to list of str): names for permissions that entries may use,
            such as ``{"search": ["POST /search"]}``.
        clock (callable or None): returns seconds since 1970; None: ``time.time``.
    Raises: ConfigurationError: an entry is not valid. The text has its number and its name.
    """

    def __init__(self, entries, permissions=None, clock=None):
        # type: (Iterable[Mapping[str, Any]], Optional[Mapping[str, List[str]]], Optional[Callable[[], float]]) -> None  # noqa: E501
        self._clock = time.time if clock is None else clock
        self._by_id = {}  # type: Dict[str, KeyEntry]
        self._by_certificate = {}  # type: Dict[str, KeyEntry]
        for number, fields in enumerate(entries, 1):
            try:
                self._add(fields, permissions)
            except ValueError as error:
                name = fields.get("name") if isinstance(fields, dict) else None
                raise ConfigurationError("entry %d%s: %s" % (
                    number, "" if name is None else " (%s)" % shown(name), error))

    @classmethod
    def read(cls, path, permissions=None, report=None):
        # type: (str, Optional[Mapping[str, List[str]]], Optional[Callable[[str], Any]]) -> APIKeys
        """Read a file of keys.

        It is JSON: an object with ``"keys"``, a list with an object for each key::

            {"keys": [
              {"name": "billing", "id": "1d5e9a7b3c40", "sha256": "64 hexadecimal digits",
               "allow": ["POST /search", "GET /"], "orgs": [4711], "users": ["billing"],
               "expires": "2027-12-31", "note": "asked for by Li Wei"}
            ]}

        ``make_api_key()`` makes ``id`` and ``sha256``. In place of both, ``"certificate"`` has a
        name in the certificate of a client: ``"CN=name"``, ``"DNS:name"``, ``"URI:name"`` or
        ``"email:name"``. ``orgs``, ``users``, ``expires`` and ``note`` may be left out. A key is
        valid until the end of the day ``expires``, in UTC.

        A file that every user of the machine may read is reported, and so are keys that have
        expired or will do so within 14 days.

        Args:
            path (native str), permissions: of the file; as for the class.
            report (callable or None): is called with the text of each warning; None: it is logged.
        Raises: ConfigurationError: the file cannot be read or is not valid. The text has the line
            or the entry, and no part of a key.
        """
        content = read_file(path, _WHAT)
        try:
            keys = cls(_entries(content), permissions)
        except ValueError as error:
            raise ConfigurationError("%s, %s: %s" % (_WHAT, path, error))
        report = report or log_warning
        if others_may_read(path):
            report("Every user of this machine may read %s, %s; do: chmod o= %s"
                   % (_WHAT, path, path))
        if not len(keys):
            report("%s, %s, has no key: every request is refused" % (_SUBJECT, path))
        keys._report_ends(path, report)
        return keys

    def __len__(self):
        # type: () -> int
        return len(self._by_id) + len(self._by_certificate)

    def __repr__(self):
        # type: () -> str
        return "<APIKeys of %d entries>" % len(self)

    def find(self, key):
        # type: (str) -> Optional[Principal]
        """Return whose key this is; None if it is not valid, or not any more.

        Args:
            key (native str): as the client has sent it.
        """
        key_id = id_of(key)
        if key_id is None:
            return None
        entry = self._by_id.get(key_id)
        expected = _NOBODY if entry is None else str(entry.sha256)
        is_equal = hmac.compare_digest(expected, hash_of(key))
        if entry is None or not is_equal or not self._is_current(entry):
            return None
        return entry.principal

    def find_certificate(self, names):
        # type: (Iterable[str]) -> Optional[Principal]
        """Return whose certificate this is; None if there is no entry.

        Args:
            names (iterable of native str): of a certificate that was verified, such as
                ``"DNS:client.example"``; the first one that has an entry counts.
        """
        for name in names:
            entry = self._by_certificate.get(name)
            if entry is not None and self._is_current(entry):
                return entry.principal
        return None

    @property
    def has_certificates(self):
        # type: () -> bool
        """An entry is for the certificate of a client."""
        return bool(self._by_certificate)

    def _add(self, fields, permissions):
        # type: (Any, Any) -> None
        if not isinstance(fields, dict):
            raise ValueError("it must be an object with name, id, sha256 and allow")
        entry = KeyEntry(fields, permissions)
        for key, entries in ((entry.id, self._by_id), (entry.certificate, self._by_certificate)):
            if key is not None:
                if key in entries:
                    raise ValueError("%s is in an entry before" % key)
                entries[key] = entry

    def _is_current(self, entry):
        # type: (KeyEntry) -> bool
        return entry.expires is None or self._clock() < entry.expires

    def _report_ends(self, path, report):
        # type: (str, Callable[[str], Any]) -> None
        now = self._clock()
        entries = list(self._by_id.values()) + list(self._by_certificate.values())
        for entry in entries:
            if entry.expires is not None and entry.expires - now < _SOON:
                report("%s, %s: %s of %s %s on %s" % (
                    _SUBJECT, path, entry.id or entry.certificate, entry.principal.name,
                    "expired" if entry.expires <= now else "expires",
                    time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(entry.expires))))


def _entries(content):
    # type: (bytes) -> List[Any]
    """Return the list of entries in a file. Raises: ValueError: there is none."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8 (byte %d)" % error.start)
    try:
        value = json.loads(text, object_pairs_hook=_without_repetition)
    except RuntimeError:  # RecursionError on Python 3, a subclass.
        raise ValueError("it has too many levels")
    except _Repeated:
        raise
    except ValueError as error:
        raise ValueError("it is not JSON: %s" % error)
    if not isinstance(value, dict) or list(value) != ["keys"] or (
            not isinstance(value["keys"], list)):
        raise ValueError("it must be an object with one field, \"keys\", which is a list")
    return value["keys"]


class _Repeated(ValueError):
    """An object in the file has a name twice."""


def _without_repetition(pairs):
    # type: (List[Any]) -> Dict[str, Any]
    found = {}  # type: Dict[str, Any]
    for name, value in pairs:
        if name in found:
            raise _Repeated("an object has %s twice" % shown(name))
        found[name] = value
    return found
