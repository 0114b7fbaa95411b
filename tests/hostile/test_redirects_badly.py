"""An upstream whose redirects lead nowhere, everywhere, or in circles."""

from __future__ import absolute_import, division, print_function

import pytest
from raw_server import answering, response

import waterspout


def redirecting_to(location, status=302):
    return answering(response(b"moved", status=status, headers=[("Location", location)]))


@pytest.mark.parametrize(
    "location, error_class",
    [
        ("http://[::1", waterspout.InvalidURL),
        ("http://host:port/", waterspout.InvalidURL),
        ("http:///nowhere", waterspout.InvalidURL),
        ("ftp://127.0.0.1/file", waterspout.InvalidSchema),
        ("file:///etc/passwd", waterspout.InvalidSchema),
        ("javascript:alert(1)", waterspout.InvalidSchema),
        ("gopher://127.0.0.1:6379/x", waterspout.InvalidSchema),
    ],
)
def test_a_bad_location_is_an_error(serve, client, location, error_class):
    """It goes to http and https only, and the error has the response that sent us there."""
    server = serve(redirecting_to(location))
    with pytest.raises(error_class) as caught:
        client.get(server.url())
    assert caught.value.response.status_code == 302
    assert len(server.received) == 1
    client.wait_until_idle()


def test_a_loop_ends(serve, make_client):
    """After ``max_redirects`` the last response comes with the error."""
    server = serve(redirecting_to("/again"))
    error = make_client(max_redirects=3).error_of("GET", server.url("/again"))
    assert type(error) is waterspout.TooManyRedirects
    assert error.response.status_code == 302
    assert len(server.received) == 4


def test_max_redirects_of_0_follows_none(serve, make_client):
    """``max_redirects=0`` follows none, which is an error unless they are not to be followed."""
    client = make_client(max_redirects=0)
    server = serve(redirecting_to("/again"))
    assert type(client.error_of("GET", server.url())) is waterspout.TooManyRedirects
    assert client.get(server.url(), allow_redirects=False).status_code == 302


def test_an_endless_chain_of_redirects_ends_at_the_deadline(serve, make_client):
    """``timeout.total`` is for the whole call, not for each step."""
    steps = []

    def behave(peer):
        for request in peer.requests():
            steps.append(request.target)
            peer.send(response(status=302, headers=[("Location", "/%d" % len(steps))]))

    client = make_client(max_redirects=10 ** 6)
    error = client.error_of("GET", serve(behave).url(), timeout=waterspout.ClientTimeout(total=0.3))
    assert type(error) is waterspout.DeadlineExceeded
    assert len(steps) > 1
    client.wait_until_idle()


def test_a_header_cannot_be_smuggled_through_a_location(serve, client):
    """What a server puts in a Location is escaped before it is sent anywhere."""
    server = serve(answering(
        response(status=302, headers=[("Location", "/a b X-Evil: 1")]), response(b"arrived")
    ))
    assert client.get(server.url()).content == b"arrived"
    assert server.received[-1].target == "/a%20b%20X-Evil:%201"
    assert "x-evil" not in dict(server.received[-1].headers)
