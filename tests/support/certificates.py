"""TLS for servers under test: a certificate that nobody trusts."""

from __future__ import absolute_import, division, print_function

import os
import ssl

#: Key and certificate for localhost and 127.0.0.1, signed by itself, valid for a century:
#: ``openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj /CN=localhost
#: -addext subjectAltName=DNS:localhost,IP:127.0.0.1``
SELF_SIGNED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "self_signed.pem")


def server_context():
    """What a `RawServer` takes to speak TLS."""
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23))
    context.load_cert_chain(SELF_SIGNED)
    return context
