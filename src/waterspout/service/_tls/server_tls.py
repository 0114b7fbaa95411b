"""server_tls(): the SSLContext of a server."""

from __future__ import absolute_import, division, print_function

import ssl
import time

from waterspout._compat import TYPE_CHECKING
from waterspout.service._tls.pem_files import (
    check_certificates,
    load_pair,
    unusable,
    validity,
)
from waterspout.service.configuration_files import log_warning, others_may_read
from waterspout.service.exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

#: The values of ``server_tls(min_version=)``; the first one is the default.
TLS_VERSIONS = ("1.2", "1.3")

#: The values of ``server_tls(client_cert=)``; the first one is the default.
CLIENT_CERTIFICATES = ("required", "optional")

#: For TLS 1.2: forward secrecy and authenticated encryption only. Every client since about 2014
#: has one of them. Python 2.7 would also accept 3DES and keys without forward secrecy.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL"

#: Days before its end from which on a certificate is reported.
WARN_DAYS = 14

_DAY = 86400.0

_SERVER = "the server's certificate"
_CLIENTS = "the list of authorities of client certificates"


def server_tls(
    certfile, keyfile=None, client_ca=None, client_cert=CLIENT_CERTIFICATES[0],
    min_version=TLS_VERSIONS[0], report=None
):  # fmt: skip
    # type: (str, Optional[str], Optional[str], str, str, Optional[Callable[[str], Any]]) -> ssl.SSLContext  # noqa: E501
    """Return an SSLContext for ``Application(ssl_options=)``.

    It accepts TLS 1.2 and newer with forward secrecy, prefers the server's order of ciphers, does
    not compress, and offers HTTP/1.1 by ALPN. Make it once, before worker processes are forked:
    then a client can resume its session in any of them. To take a renewed certificate, make it
    again at a reload.

    A certificate that has expired or will do so within 14 days, and a key that every user of the
    machine may read, are reported.

    Args:
        certfile (native str): path of the server's certificate in PEM, followed by those of the
            authorities between it and the root.
        keyfile (native str or None): path of its private key in PEM, not encrypted; None: it is in
            ``certfile``.
        client_ca (native str or None): path of the certificates of authorities that sign those of
            clients (mutual TLS). None: clients are not asked for a certificate.
        client_cert (native str): "required": a client without a certificate is refused in the
            handshake. "optional": it is served; the application decides.
        min_version (native str): "1.2", or "1.3" to refuse TLS 1.2.
        report (callable or None): is called with the text of each warning; None: it is logged.
    Raises:
        ConfigurationError: a file cannot be used. The text names it and says what is wrong.
        ValueError: ``client_cert`` or ``min_version`` is none of the above.
    """
    if client_cert not in CLIENT_CERTIFICATES:
        raise ValueError("client_cert must be %s, not %r"
                         % (" or ".join(CLIENT_CERTIFICATES), client_cert))
    if min_version not in TLS_VERSIONS:
        raise ValueError("min_version must be %s, not %r"
                         % (" or ".join(TLS_VERSIONS), min_version))
    context = _context(min_version)
    _load_certificate(context, certfile, keyfile or certfile, report or log_warning)
    if client_ca is not None:
        context.verify_mode = (
            ssl.CERT_REQUIRED if client_cert == "required" else ssl.CERT_OPTIONAL)
        check_certificates(client_ca, _CLIENTS)
        try:
            context.load_verify_locations(client_ca)
        except (EnvironmentError, ValueError) as error:  # SSLError is an EnvironmentError.
            raise unusable(_CLIENTS, client_ca, error)
    return context


def _context(min_version):
    # type: (str) -> Any
    # py2: PROTOCOL_SSLv23 negotiates any version.
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))  # type: Any
    context.options |= (
        ssl.OP_NO_COMPRESSION | ssl.OP_CIPHER_SERVER_PREFERENCE
        | ssl.OP_SINGLE_DH_USE | ssl.OP_SINGLE_ECDH_USE | getattr(ssl, "OP_NO_RENEGOTIATION", 0))
    # A truncated body must not look complete.
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    if hasattr(context, "minimum_version"):
        versions = ssl.TLSVersion  # type: Any
        context.minimum_version = (
            versions.TLSv1_3 if min_version == "1.3" else versions.TLSv1_2)
    else:  # py2
        context.options |= (
            ssl.OP_NO_SSLv2 | ssl.OP_NO_SSLv3 | ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
        if min_version == "1.3":
            context.options |= ssl.OP_NO_TLSv1_2
    if min_version == "1.3" and not getattr(ssl, "HAS_TLSv1_3", False):
        raise ConfigurationError("min_version 1.3: %s has no TLS 1.3" % ssl.OPENSSL_VERSION)
    context.set_ciphers(CIPHERS)
    if ssl.HAS_ALPN:
        context.set_alpn_protocols(["http/1.1"])
    return context


def _load_certificate(context, certfile, keyfile, report):
    # type: (Any, str, str, Callable[[str], Any]) -> None
    load_pair(context, certfile, keyfile, _SERVER)
    if others_may_read(keyfile):
        report("Every user of this machine may read the private key of %s, %s; do: chmod o= %s"
               % (_SERVER, keyfile, keyfile))
    about_dates = _about_dates(certfile, time.time())
    if about_dates is not None:
        report("%s, %s, %s" % (_SERVER.capitalize(), certfile, about_dates))


def _about_dates(certfile, now):
    # type: (str, float) -> Optional[str]
    valid = validity(certfile)
    if valid is None:
        return None
    begin, end = valid
    if now > end:
        return "expired on %s: clients will refuse it" % _date(end)
    if now < begin:
        return "is not valid before %s: clients will refuse it" % _date(begin)
    return "expires on %s" % _date(end) if end - now < WARN_DAYS * _DAY else None


def _date(seconds):
    # type: (float) -> str
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
