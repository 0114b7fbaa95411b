"""ResponseHeaders: a response's header fields, as Tornado's HTTPHeaders."""

from __future__ import absolute_import, division, print_function

from waterspout._async_http_client.late_headers import LateHeaders


class ResponseHeaders(LateHeaders):
    """The fields of a ResponseHead."""

    @staticmethod
    def _pairs(head):
        return head.pairs()
