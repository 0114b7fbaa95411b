"""What libcurl trusts of its own accord gives way to what a Route says."""

from __future__ import absolute_import, division, print_function

import os

import pytest
from certificates import AUTHORITIES, AUTHORITY, SERVER, STRANGERS_AUTHORITY, server_context
from raw_server import answering, response

from waterspout._routes.route import Route

pycurl = pytest.importorskip("pycurl")


@pytest.mark.parametrize("ca", [STRANGERS_AUTHORITY, os.path.dirname(STRANGERS_AUTHORITY)],
                         ids=["file", "folder"])
def test_the_systems_authorities_are_not_trusted_beside_the_given_ones(serve, ca):
    """A file would leave libcurl its folder, and a folder its file."""
    from waterspout.transports.curl.route_options import set_route_options

    server = serve(answering(response(b"ok")), tls=server_context(SERVER))
    url = "https://localhost:%d/" % server.port

    def handle():  # As if the test's authority were one of the system's.
        curl = pycurl.Curl()
        curl.setopt(pycurl.CAINFO, AUTHORITY)
        curl.setopt(pycurl.CAPATH, AUTHORITIES)
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.WRITEFUNCTION, lambda data: None)
        return curl

    curl = handle()
    set_route_options(curl, None)
    curl.perform()
    curl = handle()
    set_route_options(curl, Route(verify=ca))
    with pytest.raises(pycurl.error) as caught:
        curl.perform()
    assert caught.value.args[0] == pycurl.E_SSL_CACERT
