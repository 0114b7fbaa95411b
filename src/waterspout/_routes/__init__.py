"""The way to a server beyond its URL: proxy, TLS options, socket."""

from __future__ import absolute_import, division, print_function
