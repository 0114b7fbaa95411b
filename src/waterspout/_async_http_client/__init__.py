"""What `waterspout.PooledHTTPClient` is made of: Tornado's requests on our connections."""

from __future__ import absolute_import, division, print_function
