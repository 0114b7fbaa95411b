"""The limits of requests, from the arguments of Tornado's HTTPServer."""

from __future__ import absolute_import, division, print_function

from waterspout._wire.message_limits import MessageLimits

#: Bytes of a request's body where the server was given no limit: as Tornado's IOStream.
BODY_BYTES = 100 * 1024 * 1024


def request_limits(conn_params, max_buffer_size, max_header_fields, max_start_line_size=None):
    # type: (HTTP1ConnectionParameters, Optional[int], int, Optional[int]) -> MessageLimits
    """Return the limits that these parameters of a server mean.

    Raises: TypeError, ValueError: one is not an int of at least 1.
    """
    body_bytes = conn_params.max_body_size
    if body_bytes is None:
        body_bytes = max_buffer_size or BODY_BYTES
    return MessageLimits(
        start_line_bytes=max_start_line_size or conn_params.max_header_size,
        head_bytes=conn_params.max_header_size,
        field_count=max_header_fields, body_bytes=body_bytes)
