"""TLS for servers under test: a certificate that no client trusts."""

from __future__ import absolute_import, division, print_function

import os
import ssl

#: Key and certificate for localhost and 127.0.0.1, signed by itself, valid for a century:
#: ``openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj /CN=localhost
#: -addext subjectAltName=DNS:localhost,IP:127.0.0.1``
SELF_SIGNED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "self_signed.pem")

#: The same for ::1 alone, made with ``-addext subjectAltName=IP:::1``.
SELF_SIGNED_IPV6 = os.path.join(os.path.dirname(SELF_SIGNED), "self_signed_ipv6.pem")


_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "net_certificates")

#: The tests' own authority: as a file, and as a folder of such files.
AUTHORITY = os.path.join(_FOLDER, "authority.pem")
AUTHORITIES = os.path.join(_FOLDER, "authorities")

#: Another one, which signed nothing.
STRANGERS_AUTHORITY = os.path.join(_FOLDER, "strangers_authority.pem")

#: Key and certificate, signed by it: for localhost and 127.0.0.1, for another host, for a client,
#: and for localhost in times that are over.
SERVER = os.path.join(_FOLDER, "server.pem")
OTHER_NAME = os.path.join(_FOLDER, "other_name.pem")
CLIENT = os.path.join(_FOLDER, "client.pem")
EXPIRED = os.path.join(_FOLDER, "expired.pem")

#: The key of SERVER, encrypted with the passphrase "secret".
ENCRYPTED_KEY = os.path.join(_FOLDER, "encrypted_key.pem")


def server_context(certificate=SELF_SIGNED, clients=None):
    """What a `RawServer` takes to speak TLS.

    ``clients`` is the authority of which clients must show a certificate, if they must.
    """
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
    context.load_cert_chain(certificate)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    return context
