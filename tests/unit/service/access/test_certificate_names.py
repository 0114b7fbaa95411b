"""The names that count in the certificate of a client."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._access.certificate_names import names_in


@pytest.mark.parametrize("certificate, names", [
    ({}, ()),
    ({"subject": ((("commonName", u"client"),),)}, ("CN=client",)),
    ({"subject": ((("organizationName", u"o"),), (("commonName", u"a"),), (("commonName", u"b"),)),
      "subjectAltName": (("DNS", "c.example"), ("IP Address", "10.0.0.1"), ("email", "a@b"),
                         ("URI", "spiffe://x/y"), ("DNS", "d.example"))},
     ("URI:spiffe://x/y", "DNS:c.example", "DNS:d.example", "email:a@b", "CN=a", "CN=b")),
    ({"subject": ((("commonName", u"a\x00.evil"), ("commonName", u"\u4e2d")),),
      "subjectAltName": (("DNS", "a\nb"), ("DNS", "x" * 300))}, ()),
])
def test_alternative_names_come_before_the_subject(certificate, names):
    """Names that would not be readable in a log are left out."""
    assert names_in(certificate) == names
