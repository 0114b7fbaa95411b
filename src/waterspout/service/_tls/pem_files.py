"""Looks at files in PEM before OpenSSL does, whose errors do not say which file is wrong and how.

Files are read when a service starts or reloads, never for a request.
"""

from __future__ import absolute_import, division, print_function

import os
import re
import ssl

from waterspout._compat import TYPE_CHECKING
from waterspout.service.exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing import List, Optional, Tuple  # noqa: F401

#: Bytes of a file that are read. The certificates of all public authorities have 250 KB.
MAX_BYTES = 4 * 1024 * 1024

_LABEL = re.compile(br"^-----BEGIN ([A-Z0-9 ]+)-----", re.MULTILINE)

#: Who is neither the owner nor in the group of a file.
_OTHERS_MAY_READ = 0o004


def check_certificates(path, what):
    # type: (str, str) -> None
    """Check that a file has a certificate in PEM.

    Args:
        what (native str): the file, in errors: "the certificate of the server".
    Raises: ConfigurationError: it cannot be read, or has no certificate.
    """
    content = read_file(path, what)
    if b"CERTIFICATE" not in b" ".join(_LABEL.findall(content)):
        raise ConfigurationError("%s, %s, has no certificate in PEM; it %s"
                                 % (what, path, _content_of(content)))


def check_key(path, what):
    # type: (str, str) -> None
    """Check that a file has a private key in PEM that is not encrypted.

    Raises: ConfigurationError: it cannot be read, or has no such key.
    """
    content = read_file(path, what)
    labels = _LABEL.findall(content)
    if b"ENCRYPTED PRIVATE KEY" in labels or b"Proc-Type: 4,ENCRYPTED" in content:
        raise ConfigurationError(
            "%s, %s, is encrypted, and nobody can be asked for its passphrase here; write it "
            "without one: openssl pkey -in %s -out decrypted.pem" % (what, path, path))
    if not any(label.endswith(b"PRIVATE KEY") for label in labels):
        raise ConfigurationError("%s, %s, has no private key in PEM; it %s"
                                 % (what, path, _content_of(content)))


def read_file(path, what):
    # type: (str, str) -> bytes
    """Return the content of a file. Raises: ConfigurationError: it cannot be read, or is large."""
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


def validity(path):
    # type: (str) -> Optional[Tuple[float, float]]
    """From when to when the first certificate of a file is valid, in seconds since 1970.

    None if this Python cannot tell: there is no public function for it.
    """
    try:
        fields = ssl._ssl._test_decode_cert(path)  # type: ignore[attr-defined]
        return (ssl.cert_time_to_seconds(fields["notBefore"]),
                ssl.cert_time_to_seconds(fields["notAfter"]))
    except (AttributeError, EnvironmentError, KeyError, ValueError):
        return None


def _content_of(content):
    # type: (bytes) -> str
    labels = _LABEL.findall(content)  # type: List[bytes]
    if not content.strip():
        return "is empty"
    if not labels:
        return "is not in PEM (no line begins with -----BEGIN)"
    return "has: " + ", ".join(label.decode("ascii") for label in labels)
