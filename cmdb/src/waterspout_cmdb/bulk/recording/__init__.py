"""What has been done: the journal, the rejected rows, the report."""

from __future__ import absolute_import, division, print_function
