"""Who is behind a proxy: lists of networks, and the fields by which proxies name the client."""

from __future__ import absolute_import, division, print_function
