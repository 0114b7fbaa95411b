"""Documents become batches, which are sent several at a time."""

from __future__ import absolute_import, division, print_function
