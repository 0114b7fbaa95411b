"""Which import a journal is of: what must be the same for it to go on."""

from __future__ import absolute_import, division, print_function

import hashlib
import io
import json
import os

from tornado.escape import native_str, to_unicode
from tornado.util import basestring_type

from waterspout_cmdb.bulk.errors import BulkError

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, List, Text  # noqa: F401

_CHUNK = 1 << 20

#: How a part of an identity is called in a sentence. ``source`` is the file's name: it may change.
_NAMES = {
    u"object": u"the object",
    u"keys": u"the key (--key)",
    u"target": u"the target",
    u"org": u"the organisation (--org)",
    u"user": u"the user (--user)",
    u"ignore_columns": u"--ignore",
    u"peer_keys": u"--peer-key",
}

#: Parts whose entries are options of the command, and are called as it calls them.
_OPTIONS = (u"rules", u"options")

#: The part of an identity for whom rows are sent. Earlier releases have recorded less of it.
_ACCOUNT = u"account"

#: An entry of it that is not shown: it is made of a secret.
_API_KEY = u"api_key"

_SHOWN = 60


def fingerprint(path):
    # type: (Text) -> Dict[Text, object]
    """Return what tells the content of a file: ``{"source", "size", "sha256"}``.

    The file is read once, 1 MiB at a time. Raises: BulkError: it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with io.open(path, "rb") as file:
            for chunk in iter(lambda: file.read(_CHUNK), b""):
                digest.update(chunk)
                size += len(chunk)
    except EnvironmentError as error:
        raise BulkError("%s cannot be read: %s" % (native_str(path), error.strerror))
    name = to_unicode(os.path.basename(path))
    return {u"source": name, u"size": size, u"sha256": to_unicode(digest.hexdigest())}


def differences(recorded, current):
    # type: (dict, dict) -> List[Text]
    """Return in what two identities differ, one sentence each; none: it is the same import.

    Args:
        recorded, current: dicts of JSON values: ``source`` (a name; it may change), ``size``,
            ``sha256``, ``object``, ``keys``, ``target``; ``rules``, ``options`` and other names
            may be dicts, whose entries are compared each; of ``account`` those that are recorded.
    """
    recorded, current = _plain(recorded), _plain(current)
    found = _file_difference(recorded, current)
    for name in sorted(set(recorded) | set(current)):
        if name in (u"source", u"size", u"sha256"):
            continue
        was, now = recorded.get(name), current.get(name)
        if isinstance(was, dict) or isinstance(now, dict):
            was, now = was or {}, now or {}
            for entry in sorted(set(was) if name == _ACCOUNT else set(was) | set(now)):
                if was.get(entry) != now.get(entry):
                    shown = _NAMES.get(entry) or (
                        u"--%s" % entry.replace(u"_", u"-") if name in _OPTIONS else entry)
                    found.append(_sentence(shown, was.get(entry), now.get(entry)))
        elif was != now:
            found.append(_sentence(_NAMES.get(name, name), was, now))
    return found


def _file_difference(recorded, current):
    name = current.get(u"source") or recorded.get(u"source") or u"the file"
    sizes = current.get(u"size"), recorded.get(u"size")
    if sizes[0] != sizes[1]:
        return [u"%s has changed since (size %s, was %s)" % ((name,) + sizes)]
    if current.get(u"sha256") != recorded.get(u"sha256"):
        return [u"%s has changed since (its size is the same, its content is not)" % name]
    return []


def _sentence(name, was, now):
    if name == _API_KEY:
        if was is None:
            return u"there is an API key, it began without: leave it out"
        if now is None:
            return u"there is no API key, it began with one: give that"
        return (u"the API key is another one, which may be of another organisation: give the key "
                u"that it began with")
    return u"%s is %s, it was %s" % (name, _shown(now), _shown(was))


def _shown(value):
    """Return a value as a person would write it."""
    if value in (None, [], {}):
        return u"not given"
    if isinstance(value, bool):
        return u"on" if value else u"off"
    if isinstance(value, list) and all(isinstance(each, basestring_type) for each in value):
        text = u", ".join(value)
    elif isinstance(value, basestring_type):
        text = value
    else:
        text = to_unicode(json.dumps(value, sort_keys=True))
    return (text if len(text) <= _SHOWN else text[:_SHOWN] + u"...") or u"empty"


def _plain(identity):
    """Return it as JSON gives it back: tuples are lists, bytes of 2.7 are text."""
    return json.loads(json.dumps(identity))
