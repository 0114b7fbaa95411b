"""SSLContexts of clients that trust the tests' authority."""

from __future__ import absolute_import, division, print_function

import ssl

from certificates import AUTHORITY


def client_context(certificate=None, protocols=None, ciphers=None):
    """
    Args:
        certificate: path of the client's certificate and key, or None.
        protocols (list of str): offered by ALPN.
        ciphers (str): of TLS 1.2, which is then the newest version.
    """
    context = ssl.SSLContext(getattr(ssl, "PROTOCOL_TLS_CLIENT", ssl.PROTOCOL_SSLv23))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(AUTHORITY)
    if certificate is not None:
        context.load_cert_chain(certificate)
    if protocols is not None:
        context.set_alpn_protocols(protocols)
    if ciphers is not None:
        context.set_ciphers(ciphers)
        if hasattr(context, "maximum_version"):
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        else:
            context.options |= ssl.OP_NO_TLSv1_3
    return context
