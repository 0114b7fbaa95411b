"""Request bodies decoded strictly as JSON, and values encoded for responses."""

from __future__ import absolute_import, division, print_function
