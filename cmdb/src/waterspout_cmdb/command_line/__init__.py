"""What the commands share: options, the places they come from, and exit codes."""

from __future__ import absolute_import, division, print_function
