"""An upstream that crashes: its kernel answers with a RST."""

from __future__ import absolute_import, division, print_function

import pytest
from cut_responses import ANYWHERE, IN_HEAD
from raw_server import Peer, answering, response, then

from waterspout import exceptions


@pytest.mark.parametrize("where", sorted(ANYWHERE))
def test_a_reset_is_a_read_error(serve, client, where):
    """Wherever the response breaks off, what came of it is not passed off as whole."""
    server = serve(then(ANYWHERE[where], Peer.reset))
    in_body = where not in IN_HEAD  # Where requests has another error for it.
    error_class = exceptions.IncompleteBody if in_body else exceptions.ReadError
    assert client.failure("POST", server.url(), data=b"x") == (error_class, "read", True)
    assert len(server.received) == 1
    client.wait_until_idle()


def test_the_session_goes_on_after_a_reset(serve, client):
    """The broken connection is not used again, the session is."""
    broken = serve(then(Peer.reset))
    client.error_of("GET", broken.url())
    assert client.get(serve(answering(response(b"well"))).url()).content == b"well"
