"""The gateway's options: a module for each group, and what the options of a group mean.

A group has ``OPTIONS``, and functions that turn options into the keywords of what they configure:
``app_keywords`` of `make_app`, ``serve_keywords`` of ``waterspout.service.serve_sockets``.
"""

from __future__ import absolute_import, division, print_function
