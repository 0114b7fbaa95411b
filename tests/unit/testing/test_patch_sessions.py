"""patch_sessions reaches every session of the process, and leaves no trace."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado import gen, web

import waterspout
from waterspout.testing import (
    AppTransport,
    FakeClock,
    MockTransport,
    UnexpectedRequest,
    patch_sessions,
)
from waterspout.transports.per_loop import TransportsPerLoop

URL = "http://127.0.0.1:1/a"  # Nothing listens there.


@pytest.fixture(autouse=True)
def restored():
    """Each test leaves the class as it was."""
    before = dict(vars(TransportsPerLoop))
    yield
    assert dict(vars(TransportsPerLoop)) == before


def run_on(io_loop, function):
    return io_loop.run_sync(gen.coroutine(function))


@pytest.mark.parametrize("when", ["before", "inside"])
def test_sessions_and_sdks(io_loop, transport, when):
    """Made before or inside, on any transport, also after they had calls of their own."""
    def run():
        def make():
            return (waterspout.Session(transport=transport, timeout=5),
                    waterspout.BaseSDK("127.0.0.1:1", transport=transport, timeout=5))

        made = make() if when == "before" else None
        if made is not None:
            with pytest.raises(waterspout.ConnectionError):
                yield made[0].get(URL)
        with patch_sessions() as mock:
            session, sdk = made or make()
            mock.get("/a").respond(json={"n": 1})
            assert (yield session.get(URL)).json() == {"n": 1}
            assert (yield sdk.fetch_async("GET", "/a")) == {"n": 1}
            assert (yield waterspout.get(URL)).ok
            assert len(mock.sent) == 3
        with pytest.raises(waterspout.ConnectionError):
            yield session.get(URL)
        yield [session.close(), sdk.close(), waterspout.default_session().close()]

    run_on(io_loop, run)


def test_a_session_with_a_transport_of_its_own(io_loop):
    """The patch decides; another mock as well."""
    def run():
        session = waterspout.Session(transport=MockTransport())
        with patch_sessions() as mock:
            mock.get("/a")
            yield session.get(URL)

    run_on(io_loop, run)


class Hosts(web.RequestHandler):
    @gen.coroutine
    def get(self):
        response = yield waterspout.get("http://cmdb.test/hosts")
        self.finish({"hosts": response.json()})


@pytest.mark.parametrize("when", ["before", "inside"])
def test_an_application_called_by_the_test(io_loop, when):
    """It is called; what its handlers call is patched, in a nested patch as well."""
    def run():
        application = web.Application([("/", Hosts)])

        def make():
            return waterspout.Session(transport=AppTransport(application))

        session = make() if when == "before" else None
        with patch_sessions() as outer, patch_sessions() as inner:
            inner.get("http://cmdb.test/hosts").respond(json=["web-1"])
            session = session or make()
            for _ in range(2):
                response = yield session.get("http://app.test/")
                assert response.json() == {"hosts": ["web-1"]}
            assert len(inner.sent) == 2 and outer.sent == []
        yield [session.close(), waterspout.default_session().close()]

    run_on(io_loop, run)


def test_limits_and_closing_are_the_sessions(io_loop):
    def run():
        with patch_sessions() as mock, FakeClock() as clock:
            mock.get("/a").never()
            session = waterspout.Session(max_connections=1, timeout=None)
            other = waterspout.Session(timeout=None)
            calls = [session.get(URL), session.get(URL), other.get(URL)]
            yield clock.advance(0)
            assert len(mock.sent) == 2
            yield session.close()
            yield clock.advance(0)
            assert [isinstance(each.done() and each.exception(), waterspout.ConnectionError)
                    for each in calls] == [True, True, False]
            with pytest.raises(waterspout.SessionClosed):
                session.get(URL)
            yield other.close()

    run_on(io_loop, run)


def test_the_mock_is_checked_at_the_end():
    with pytest.raises(AssertionError, match="expected at least 1 call"):
        with patch_sessions() as mock:
            mock.get("/a")


def test_the_tests_own_error_passes():
    with pytest.raises(KeyError):
        with patch_sessions(MockTransport()) as mock:
            mock.get("/a")
            raise KeyError()


def test_start_and_stop(io_loop):
    """For setUp and addCleanup; nothing is checked."""
    def run():
        mock = MockTransport()
        patch = patch_sessions(mock)
        assert patch.start() is mock
        with pytest.raises(RuntimeError):
            patch.start()
        with pytest.raises(UnexpectedRequest):
            yield waterspout.Session().get(URL)
        patch.stop()
        patch.stop()
        patch.start()
        patch.stop()

    run_on(io_loop, run)


def test_the_inner_patch_decides(io_loop):
    def run():
        session = waterspout.Session()
        with patch_sessions() as outer:
            outer.get("/a").respond(201)
            assert (yield session.get(URL)).status_code == 201
            with patch_sessions() as inner:
                inner.get("/a").respond(202)
                assert (yield session.get(URL)).status_code == 202
            assert (yield session.get(URL)).status_code == 201

    run_on(io_loop, run)


def test_any_transport(io_loop):
    """One of a user's own as well; but no other object."""
    class Own(object):
        def send(self, request, options):
            raise waterspout.ConnectError("of my own")

        def close(self):
            pass

    def run():
        own = Own()
        with patch_sessions(own) as entered:
            assert entered is own
            with pytest.raises(waterspout.ConnectError, match="of my own"):
                yield waterspout.Session().get(URL)

    run_on(io_loop, run)
    with pytest.raises(TypeError):
        patch_sessions(object())


def test_patches_may_end_in_any_order(io_loop):
    """The last one that has not ended decides; none is left behind."""
    def run():
        session = waterspout.Session()
        first, second = patch_sessions(), patch_sessions()
        mocks = [first.start(), second.start()]
        for mock, name in zip(mocks, ("first", "second")):
            mock.get("/a").respond(text=name)
        first.stop()
        assert (yield session.get(URL)).text == "second"
        second.stop()
        with pytest.raises(waterspout.ConnectionError):
            yield session.get(URL)
        yield session.close()

    run_on(io_loop, run)
