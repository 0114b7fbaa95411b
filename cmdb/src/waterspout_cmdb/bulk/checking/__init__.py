"""What is known about rows before anything is sent."""

from __future__ import absolute_import, division, print_function
