"""An upstream whose TLS certificate no trusted authority has signed, or that speaks no TLS."""

from __future__ import absolute_import, division, print_function

import pytest
from certificates import server_context
from differences import LIMITS
from raw_server import answering, response, then

import waterspout


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_self_signed_certificate_is_refused(serve, client, host):
    """Verification is on unless asked otherwise; the request is never sent."""
    server = serve(answering(response(b"secret")), tls=server_context())
    url = "https://%s:%d/" % (host, server.port)
    error = client.error_of("POST", url, data=b"x")
    assert (type(error), error.phase) == (waterspout.SSLError, "connect")
    assert isinstance(error, waterspout.ConnectionError)
    assert not error.may_have_been_sent
    assert server.received == []
    client.wait_until_idle()


def test_plain_http_where_tls_is_expected_is_an_ssl_error(serve, client):
    """A server that answers a handshake with something else."""
    server = serve(lambda peer: peer.send(response(b"plain")))
    error = client.error_of("GET", "https://%s/" % server.address, timeout=20)
    assert isinstance(error, waterspout.ConnectionError), error
    assert error.phase == "connect"
    assert not error.may_have_been_sent


def test_a_handshake_that_the_server_ends_is_an_error(serve, client):
    """A server that hangs up on the handshake."""
    server = serve(lambda peer: None)
    error = client.error_of("GET", "https://%s/" % server.address, timeout=20)
    assert isinstance(error, waterspout.ConnectionError), error
    if (client.transport, "handshake") not in LIMITS:
        assert (error.phase, error.may_have_been_sent) == ("connect", False)


def test_a_redirect_to_an_untrusted_https_fails(serve, client):
    """A redirect from http to an untrusted https fails as that https would."""
    secure = serve(answering(response(b"secret")), tls=server_context())
    first = serve(then(response(status=302, headers=[("Location", secure.url("/there"))])))
    error = client.error_of("GET", first.url())
    assert type(error) is waterspout.SSLError
    assert error.request.url == secure.url("/there")


def test_verify_false_does_not_stay_with_a_request(serve, client):
    """It was said of one call: the same request sent again is as careful as any."""
    server = serve(answering(response(b"x")), tls=server_context())
    answer = client.get(server.url(), verify=False)
    with pytest.raises(waterspout.SSLError):
        client.run(lambda: client.session.send(answer.request))


def test_verify_false_does_not_stay_with_a_request_of_auth(serve, client):
    """An auth= that returns another request does not take it along."""
    server = serve(answering(response(b"x")), tls=server_context())
    signed = client.get(server.url(), verify=False).request
    error = client.error_of("GET", server.url(), auth=lambda request: signed)
    assert type(error) is waterspout.SSLError
