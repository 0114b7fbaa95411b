"""What is told of a URL that cannot be requested holds no password."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout._encoding import urls
from waterspout.exceptions import RequestException

#: Each with what is shown of it.
WRONG = {
    "http://user:secret@host:99999999/": "'http://host:99999999/'",
    "http://user:se/cret@host/x": "'http://...@host/x'",
    "http://u:secret#s@host:bad/": "'http://...@host:bad/'",
    "http://u:secret?s@host:bad/": "'http://...@host:bad/'",
    "//u:s/ecret@host/p": "'//...@host/p'",
    "user:secret/@host": "'...@host'",
    "http://host:bad/path?token=secret": "'http://host:bad/path'",
}


@pytest.mark.parametrize("url", sorted(WRONG))
def test_a_url_that_is_wrong_is_shown_without_its_secret(url):
    """Also where a password was not escaped, so that its end is unknown."""
    with pytest.raises(RequestException) as caught:
        urls.parse(url)
    assert WRONG[url] in str(caught.value)
    assert "secret" not in str(caught.value) and "ecret" not in str(caught.value)
