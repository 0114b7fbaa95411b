"""What JSONHandler is made of, one concern in each class."""

from __future__ import absolute_import, division, print_function
