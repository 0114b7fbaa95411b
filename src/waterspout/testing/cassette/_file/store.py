"""Reads and writes the file of a cassette."""

from __future__ import absolute_import, division, print_function

import contextlib
import errno
import fcntl
import os
from binascii import hexlify

from waterspout._compat import TYPE_CHECKING, fspath, json_error_parts, string_types, to_native
from waterspout.testing.cassette import json_text
from waterspout.testing.cassette._file import vcrpy
from waterspout.testing.cassette._file.checks import Place
from waterspout.testing.cassette._file.format import (
    FORMAT,
    VERSION,
    read_interaction,
    written_file,
    written_interaction,
)

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple  # noqa: F401

    from waterspout.testing.cassette.messages import Interaction  # noqa: F401

_YAML = (".yaml", ".yml")


class Store(object):
    """One file.

    Attributes:
        path (native str).
        writable (bool): False for YAML, which is only read.
    """

    def __init__(self, path):
        # type: (Any) -> None
        path = fspath(path)
        self.path = to_native(path if isinstance(path, string_types) else str(path))
        self.writable = not self.path.lower().endswith(_YAML)

    def read(self):
        # type: () -> Optional[List[Interaction]]
        """What is recorded; None if there is no file.

        Raises: InvalidCassette; ImportError: YAML without PyYAML; IOError, OSError.
        """
        content = self._content()
        if content is None:
            return None
        place = Place(self._parsed(content), self.path)
        if vcrpy.is_of_vcrpy(place.value):
            return vcrpy.read_vcrpy(place)
        return [read_interaction(each) for each in self._interactions(place).items()]

    def write(self, interactions, keep):
        # type: (List[Interaction], bool) -> None
        """Write the file, whole or not at all, with the folders that it needs.

        Args:
            keep (bool): after what is in the file by now, which another process may have recorded.
        """
        folder = os.path.dirname(self.path) or os.curdir
        _make_folder(folder)
        with _locked(folder):
            written = self._kept() if keep else []
            written += [written_interaction(each) for each in interactions]
            self._replace(json_text.for_file(written_file(written)))

    def _kept(self):
        content = self._content()
        if content is None:
            return []
        place = Place(self._parsed(content), self.path)
        if vcrpy.is_of_vcrpy(place.value):
            return [written_interaction(each) for each in vcrpy.read_vcrpy(place)]
        return list(self._interactions(place).a("a list"))  # As they stand there.

    def _interactions(self, place):
        form, version = place.member("format"), place.member("version")
        if form.a("text") != FORMAT:
            raise form.refuse("%r is not %r" % (form.value, FORMAT))
        if version.a("a whole number") > VERSION:
            raise version.refuse(
                "%d is newer than %d, which this version of Waterspout reads: update Waterspout, "
                "or record the cassette again" % (version.value, VERSION))
        return place.member("interactions")

    def _content(self):
        try:
            with open(self.path, "rb") as file:
                return file.read()
        except EnvironmentError as error:
            if error.errno == errno.ENOENT:
                return None
            raise

    def _parsed(self, content):
        nowhere = Place(None, self.path)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise nowhere.refuse("not UTF-8: %s" % error)
        if not self.writable:
            return vcrpy.load_yaml(text, self.path)
        try:
            return json_text.loads(text)
        except ValueError as error:
            message, position = json_error_parts(error)
            line = text.count(u"\n", 0, position or 0) + 1
            raise nowhere.refuse("line %d: not JSON: %s" % (line, message))
        except RuntimeError:
            raise nowhere.refuse("not a cassette: nested too deep")

    def _replace(self, content):
        temporary = "%s.%s.tmp" % (self.path, to_native(hexlify(os.urandom(8))))
        # Not by `tempfile`, whose files only their owner may read.
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.rename(temporary, self.path)
        except BaseException:
            os.unlink(temporary)
            raise


def _make_folder(folder):
    try:
        os.makedirs(folder)
    except EnvironmentError as error:
        if error.errno != errno.EEXIST:
            raise


@contextlib.contextmanager
def _locked(folder):
    """Let one process at a time read and write the cassettes of a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except EnvironmentError:
            pass  # Some network file systems cannot; renaming keeps each file whole.
        yield
    finally:
        os.close(descriptor)
