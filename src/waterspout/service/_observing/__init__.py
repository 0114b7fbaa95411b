"""What ties a request to the calls that it causes, and what observers are told of it."""

from __future__ import absolute_import, division, print_function
