"""RequestHeaders: the header fields of a request, as Tornado's HTTPHeaders."""

from __future__ import absolute_import, division, print_function

from waterspout._late_headers import LateHeaders


class RequestHeaders(LateHeaders):
    """The fields of a request, as ``HTTP1Connection`` of the installed Tornado would parse them.

    Names and values are native strings, decoded from Latin-1. On 2.7 their bytes are UTF-8.

    Args:
        raw, lower (bytes): those of a `RequestHead`, which the wire has validated.
    """
