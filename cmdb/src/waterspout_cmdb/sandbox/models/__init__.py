"""What models, attributes and relations are, and the documents that follow them. No database."""

from __future__ import absolute_import, division, print_function
