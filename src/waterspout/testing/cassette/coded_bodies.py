"""Bodies without their content codings, so that a person can read them and secrets are found."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._decoding.content_codings import decode_body
from waterspout.exceptions import ContentDecodingError, ResponseTooLarge

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401

    from waterspout.structures import Headers  # noqa: F401

#: Bytes that a body may have once it is decompressed.
_MAX_BODY_BYTES = 100 * 1024 * 1024


def without_codings(body, headers):
    # type: (bytes, Headers) -> Optional[bytes]
    """``body`` without the codings in its Content-Encoding; None if it cannot be decoded.

    That is: it is damaged, has a coding that is not installed or none that is known, or is larger
    than 100 MB without it.
    """
    if not body:
        return body
    try:
        return decode_body(body, headers, _MAX_BODY_BYTES)
    except (ContentDecodingError, ResponseTooLarge):
        return None
