from __future__ import absolute_import, division, print_function

import pytest
from sandbox_data import Data
from sandbox_models import RELATED

from waterspout_cmdb.sandbox.storage import Store


@pytest.fixture
def clock():
    """Seconds since the epoch, as tests set them: ``clock.now``."""
    return Clock()


@pytest.fixture
def store(tmpdir, clock):
    """An empty store on a new file."""
    store = Store.open(str(tmpdir.join("sandbox.db")), clock=clock)
    yield store
    store.close()


@pytest.fixture
def data(store):
    """The data of one organisation in ``store``."""
    return Data(store)


@pytest.fixture
def related(tmpdir, clock):
    """The data of one organisation whose models are related."""
    store = Store.open(str(tmpdir.join("related.db")), seed=RELATED, clock=clock)
    yield Data(store)
    store.close()


class Clock(object):
    now = 1700000000.0

    def __call__(self):
        return self.now
