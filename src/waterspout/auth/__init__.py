"""Authentication: basic, digest and bearer credentials, and .netrc files."""

from __future__ import absolute_import, division, print_function

from waterspout.auth.basic import (
    AuthBase,
    HTTPBasicAuth,
    HTTPBearerAuth,
    HTTPDigestAuth,
    HTTPProxyAuth,
)

__all__ = ["AuthBase", "HTTPBasicAuth", "HTTPBearerAuth", "HTTPDigestAuth", "HTTPProxyAuth"]
