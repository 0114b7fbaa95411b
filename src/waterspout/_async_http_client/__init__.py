"""The parts of `waterspout.PooledHTTPClient`: Tornado's requests on our connections."""

from __future__ import absolute_import, division, print_function
