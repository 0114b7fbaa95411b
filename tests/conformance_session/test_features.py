"""Every feature of a Session on every transport: it works there, or says that it cannot."""

from __future__ import absolute_import, division, print_function

import sys

import features
import pytest

import waterspout

PY2 = sys.version_info[0] == 2


def test_every_transport_has_a_column():
    """The table leaves none out."""
    assert features.TRANSPORTS == waterspout.TRANSPORTS


@pytest.mark.parametrize("feature", features.FEATURES, ids=lambda each: each.probe.__name__)
def test_a_transport_has_each_feature_as_the_table_says(feature, make_client, transport, serve):
    """As the table says; what a transport cannot do is refused before anything is sent."""
    unsupported = feature.unsupported + (feature.not_on_27 if PY2 else ())
    if transport not in unsupported:
        feature.probe(make_client, serve)
        return
    with pytest.raises(waterspout.exceptions.Unsupported) as caught:
        feature.probe(make_client, serve)
    assert "the %s transport cannot do " % transport in str(caught.value)
    assert caught.value.may_have_been_sent is False
