"""What the gateway's options cost a request, in instructions."""

from __future__ import absolute_import, division, print_function
