"""`check_client_tls` finds what is wrong with the files for calls before a call does."""

from __future__ import absolute_import, division, print_function

import pytest
from certificates import AUTHORITIES, AUTHORITY, CLIENT, ENCRYPTED_KEY, SELF_SIGNED

from waterspout.service import ConfigurationError, check_client_tls


@pytest.mark.parametrize("arguments", [
    {}, {"ca": AUTHORITY}, {"ca": AUTHORITIES}, {"certfile": CLIENT},
    {"ca": AUTHORITY, "certfile": CLIENT, "keyfile": CLIENT},
])
def test_usable_files_are_accepted(arguments):
    """A folder of authorities, too."""
    assert check_client_tls(**arguments) is None


@pytest.mark.parametrize("arguments, why", [
    ({"ca": "/nowhere"}, "the list of authorities of the upstream's certificate, /nowhere, cannot "
                         "be read: No such file or directory"),
    ({"ca": ENCRYPTED_KEY}, "has no certificate in PEM; it has: ENCRYPTED PRIVATE KEY"),
    ({"certfile": "/nowhere"}, "the certificate that is shown to the upstream, /nowhere, cannot "
                               "be read"),
    ({"certfile": AUTHORITY}, "has no private key in PEM"),
    ({"certfile": CLIENT, "keyfile": ENCRYPTED_KEY}, "%s, is encrypted" % ENCRYPTED_KEY),
    ({"certfile": CLIENT, "keyfile": SELF_SIGNED}, "is not that of the certificate " + CLIENT),
    ({"keyfile": CLIENT}, "the private key %s has no certificate beside it" % CLIENT),
])
def test_what_is_wrong_is_said_with_the_file(arguments, why):
    with pytest.raises(ConfigurationError) as caught:
        check_client_tls(**arguments)
    assert why in str(caught.value)
