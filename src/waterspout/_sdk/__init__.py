"""What `waterspout.BaseSDK` is made of."""

from __future__ import absolute_import, division, print_function
