"""A request's body becomes a file on disk, and options."""

from __future__ import absolute_import, division, print_function
