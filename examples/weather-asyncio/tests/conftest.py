"""What the tests of the service share."""

import pytest_asyncio
import waterspout
from waterspout.testing import AppTransport

from weather.app import make_app


@pytest_asyncio.fixture
async def client():
    """A session on the service, without a port. Its paths are whole URLs: ``http://weather/...``.

    What the service calls is decided by ``waterspout_mock``, below every other session.
    """
    app = make_app(token="sesame")
    async with waterspout.Session(transport=AppTransport(app)) as session:
        yield session
