"""TLS of the server: its SSLContext, with errors that say which file is wrong and how."""

from __future__ import absolute_import, division, print_function
