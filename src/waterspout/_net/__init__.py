"""Sockets, connections and the pool: our own HTTP/1.1 client below `Session` and the plug-in."""

from __future__ import absolute_import, division, print_function
