"""What a request's Content-Type says: a form with a boundary, or a file itself."""

from __future__ import absolute_import, division, print_function

import re

from tornado.escape import utf8

from waterspout_cmdb.gateway.jobs.uploading.part_head import BadMultipart, with_parameters

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Optional, Text  # noqa: F401

# RFC 2046 section 5.1.1.
_BOUNDARY = re.compile(b"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]\\Z")


def form_boundary(content_type):
    # type: (Text) -> Optional[bytes]
    """Return the boundary of a form; None if the body is the file itself.

    curl says ``application/x-www-form-urlencoded`` of any file if it is not told otherwise.

    Raises: BadMultipart: it is a form without a boundary, or another kind of multipart.
    """
    value = utf8(content_type)
    if not value.lstrip(b" \t").lower().startswith(b"multipart/"):
        return None
    kind, parameters = with_parameters(value)
    if kind != b"multipart/form-data":
        raise BadMultipart("send a file itself, or multipart/form-data")
    boundary = parameters.get(b"boundary", b"")
    if not _BOUNDARY.match(boundary):
        raise BadMultipart("multipart/form-data needs a boundary of 1 to 70 characters")
    return boundary
