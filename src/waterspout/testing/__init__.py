"""Test code that calls other services, without a network."""

from __future__ import absolute_import, division, print_function

from waterspout.testing.cassette import Cassette as Cassette
