"""Connections between a client and a server of the same process, in the place of sockets."""

from __future__ import absolute_import, division, print_function
