"""MockTransport: answers each request as the test says, and remembers what was sent."""

from __future__ import absolute_import, division, print_function
