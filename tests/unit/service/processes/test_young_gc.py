"""A service collects young objects less often, unless its program has decided otherwise."""

from __future__ import absolute_import, division, print_function

import gc

import pytest

from waterspout.service._processes.young_gc import YOUNG_OBJECTS, rare_young_collections


@pytest.fixture(autouse=True)
def _thresholds():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.enable()


@pytest.mark.parametrize("default", [700, 2000])
def test_the_threshold_is_raised_for_the_time_of_the_block(default):
    gc.set_threshold(default, 11, 12)
    with pytest.raises(KeyError):
        with rare_young_collections():
            assert gc.get_threshold()[0] == YOUNG_OBJECTS
            assert gc.get_threshold()[1] == 11
            raise KeyError()
    assert gc.get_threshold()[0] == default


@pytest.mark.parametrize("threshold", [0, 50, 5000, 100000])
def test_the_thresholds_of_the_program_are_not_changed(threshold):
    gc.set_threshold(threshold, 11, 12)
    before = gc.get_threshold()
    with rare_young_collections():
        assert gc.get_threshold() == before
    assert gc.get_threshold() == before


def test_a_collector_that_the_program_has_disabled_is_not_changed():
    gc.set_threshold(700, 11, 12)
    gc.disable()
    before = gc.get_threshold()
    with rare_young_collections():
        assert gc.get_threshold() == before
        assert not gc.isenabled()


def test_thresholds_that_the_application_sets_while_it_serves_stay():
    gc.set_threshold(700, 11, 12)
    with rare_young_collections():
        gc.set_threshold(300, 11, 12)
    assert gc.get_threshold()[0] == 300
