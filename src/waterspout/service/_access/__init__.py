"""Who may send which requests: API keys, client certificates, and what they permit."""

from __future__ import absolute_import, division, print_function
