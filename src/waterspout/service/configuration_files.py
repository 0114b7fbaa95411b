"""Files of a service's configuration: read whole at a start or a reload, never for a request."""

from __future__ import absolute_import, division, print_function

import logging
import os

from waterspout.service.exceptions import ConfigurationError

#: Bytes of a file that are read. The certificates of all public authorities have 250 KB.
MAX_BYTES = 4 * 1024 * 1024

_log = logging.getLogger("waterspout.service")

#: Who is neither the owner nor in the group of a file.
_OTHERS_MAY_READ = 0o004


def read_file(path, what):
    # type: (str, str) -> bytes
    """Return the content of a file.

    Args:
        what (native str): the file, in errors: "the server's certificate".
    Raises: ConfigurationError: it cannot be read, or is longer than `MAX_BYTES`.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except EnvironmentError as error:
        raise ConfigurationError(
            "%s, %s, cannot be read: %s" % (what, path, error.strerror or error))
    if len(content) > MAX_BYTES:
        raise ConfigurationError("%s, %s, is longer than %d bytes" % (what, path, MAX_BYTES))
    return content


def others_may_read(path):
    # type: (str) -> bool
    """Whether every user of the machine may read a file, as far as its own mode says."""
    try:
        return bool(os.stat(path).st_mode & _OTHERS_MAY_READ)
    except EnvironmentError:
        return False


def log_warning(text):
    # type: (str) -> None
    """Log what an operator should know of a file that can be used."""
    _log.warning("%s", text)
