"""Rows become what can be sent: mapped in chunks, with the ids of what they refer to, then encoded.

The passes of an import do this to all rows, and the workers of a cluster to those that they get.
"""

from __future__ import absolute_import, division, print_function
