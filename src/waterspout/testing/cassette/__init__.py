"""Cassette: real responses, recorded once into a file and replayed without a network."""

from __future__ import absolute_import, division, print_function

from waterspout.testing.cassette.cassette import Cassette
from waterspout.testing.cassette.errors import InvalidCassette, NotRecorded
from waterspout.testing.cassette.messages import RecordedRequest, RecordedResponse

__all__ = ["Cassette", "InvalidCassette", "NotRecorded", "RecordedRequest", "RecordedResponse"]
