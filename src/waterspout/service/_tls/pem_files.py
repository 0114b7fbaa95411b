"""Looks at files in PEM before OpenSSL does, whose errors do not say which file is wrong and how.

Files are read when a service starts or reloads, never for a request.
"""

from __future__ import absolute_import, division, print_function

import re
import ssl

from waterspout._compat import TYPE_CHECKING
from waterspout.service.configuration_files import read_file
from waterspout.service.exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple  # noqa: F401

# What OpenSSL says of a key that is not that of the certificate; the last two, of another kind.
_OTHER_KEY = ("KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED")

_LABEL = re.compile(br"^-----BEGIN ([A-Z0-9 ]+)-----", re.MULTILINE)


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
            "%s, %s, is encrypted, and its passphrase cannot be asked for here; write it "
            "without one: openssl pkey -in %s -out decrypted.pem" % (what, path, path))
    if not any(label.endswith(b"PRIVATE KEY") for label in labels):
        raise ConfigurationError("%s, %s, has no private key in PEM; it %s"
                                 % (what, path, _content_of(content)))


def load_pair(context, certfile, keyfile, what):
    # type: (Any, str, str, str) -> None
    """Load a certificate and its private key into an SSLContext.

    Raises: ConfigurationError: one of them cannot be used, or they do not belong together.
    """
    of_key = "the private key of " + what
    check_certificates(certfile, what)
    check_key(keyfile, of_key)
    try:
        # With a passphrase, since OpenSSL would ask for one on the terminal.
        context.load_cert_chain(certfile, keyfile, password="")
    except (EnvironmentError, ValueError) as error:  # SSLError is an EnvironmentError.
        if getattr(error, "reason", None) in _OTHER_KEY:
            raise ConfigurationError(
                "%s, %s, is not that of the certificate %s" % (of_key, keyfile, certfile))
        raise unusable("%s or its key" % what, "%s or %s" % (certfile, keyfile), error)


def unusable(what, path, error):
    # type: (str, str, Exception) -> ConfigurationError
    """Return the error for a file that OpenSSL refuses."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return ConfigurationError("%s, %s, cannot be used: %s" % (what, path, reason))


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
