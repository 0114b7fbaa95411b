"""The headers of every request by default, User-Agent among them."""

from __future__ import absolute_import, division, print_function

from waterspout._decoding.content_codings import ACCEPT_ENCODING
from waterspout._version import __version__

#: requests' list without ``Connection``, which belongs to the transport. A session's ``headers=``
#: are merged over them, and a call's over those.
DEFAULT_HEADERS = (
    ("User-Agent", "waterspout/" + __version__),
    ("Accept-Encoding", ACCEPT_ENCODING),
    ("Accept", "*/*"),
)
