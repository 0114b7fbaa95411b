"""check_client_tls(): the files with which a service calls its upstreams over TLS."""

from __future__ import absolute_import, division, print_function

import os
import ssl

from waterspout._compat import TYPE_CHECKING
from waterspout.service._tls.pem_files import check_certificates, load_pair, unusable
from waterspout.service.exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

_AUTHORITIES = "the list of authorities of the upstream's certificate"
_CERTIFICATE = "the certificate that is shown to the upstream"


def check_client_tls(ca=None, certfile=None, keyfile=None):
    # type: (Optional[str], Optional[str], Optional[str]) -> None
    """Check files that are given to an SDK or a session, before its first call needs them.

    ``BaseSDK(host, verify=ca, cert=(certfile, keyfile))``.

    Args:
        ca (native str or None): path of certificates of authorities, or of a folder of them.
        certfile (native str or None): path of a client certificate in PEM.
        keyfile (native str or None): path of its private key, not encrypted; None: it is in
            ``certfile``.
    Raises: ConfigurationError: a file cannot be used. The text names it and says what is wrong.
    """
    if keyfile is not None and certfile is None:
        raise ConfigurationError("the private key %s has no certificate beside it" % keyfile)
    context = ssl.create_default_context()
    if ca is not None and not os.path.isdir(ca):
        check_certificates(ca, _AUTHORITIES)
        try:
            context.load_verify_locations(ca)
        except (EnvironmentError, ValueError) as error:
            raise unusable(_AUTHORITIES, ca, error)
    if certfile is not None:
        load_pair(context, certfile, keyfile or certfile, _CERTIFICATE)
