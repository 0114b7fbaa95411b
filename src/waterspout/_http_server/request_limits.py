"""The limits of requests, from the arguments of Tornado's HTTPServer."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import integer_types
from waterspout._wire.message_limits import MessageLimits

#: Bytes of a request's body where the server was given no limit: as Tornado's IOStream.
BODY_BYTES = 100 * 1024 * 1024


def checked_count(arguments, name):
    # type: (Dict[str, Any], str) -> Optional[int]
    """Take an argument that is an int of at least 1, or None, out of ``arguments``.

    Raises: TypeError, ValueError.
    """
    value = arguments.pop(name, None)
    if value is not None:
        if not isinstance(value, integer_types) or isinstance(value, bool):
            raise TypeError("%s must be an int or None, not %r" % (name, value))
        if value < 1:
            raise ValueError("%s must be at least 1, not %d" % (name, value))
    return value


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
        field_count=max_header_fields,
        body_bytes=body_bytes or 1)  # 0, which no request needs more for, is set for each.
