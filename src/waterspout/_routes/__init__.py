"""How to connect to a server, besides its URL: proxy, TLS options, unix socket."""

from __future__ import absolute_import, division, print_function
