"""The form of requests and answers: JSON values, body fields, names, pages, error codes."""

from __future__ import absolute_import, division, print_function
