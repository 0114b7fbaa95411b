"""The ``curl`` transport: Tornado's CurlAsyncHTTPClient."""

from __future__ import absolute_import, division, print_function
