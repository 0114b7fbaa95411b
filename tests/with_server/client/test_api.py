"""waterspout.get and the other module functions, on the IOLoop's default session."""

from __future__ import absolute_import, division, print_function

import gc
import os
import traceback
import weakref

import pytest
from client_fixtures import new_io_loop
from raw_server import PATIENCE, answering, response
from tornado import gen

import waterspout
from waterspout import api


@pytest.fixture
def server(serve):
    return serve(answering(response(b"x", headers=[("Set-Cookie", "a=1")])))


def run(io_loop, function):
    return io_loop.run_sync(function, timeout=PATIENCE)


@pytest.mark.parametrize("name", "get options head post put patch delete".split())
def test_each_function_sends_its_method(io_loop, server, name):
    """With a Session's keywords."""
    call = getattr(waterspout, name)
    answer = run(io_loop, lambda: call(server.url(), params={"a": "b"}, headers={"X-A": "1"}))
    (received,) = server.received
    assert (received.method, received.target) == (name.upper(), "/?a=b")
    assert dict(received.headers)["x-a"] == "1"
    assert answer.content == (b"" if name == "head" else b"x")
    run(io_loop, lambda: api.default_session().close())


def test_module_functions_take_data_and_json(io_loop, server):
    """``data`` and ``json`` stand where they stand in requests."""
    for call in (lambda: waterspout.request("POST", server.url(), data=b"1"),
                 lambda: waterspout.post(server.url(), b"1"),
                 lambda: waterspout.put(server.url(), b"1"),
                 lambda: waterspout.patch(server.url(), b"1"),
                 lambda: waterspout.post(server.url(), None, 1),
                 lambda: waterspout.get(server.url(), None, data=b"1")):
        run(io_loop, call)
    assert [received.body for received in server.received] == [b"1"] * 6
    run(io_loop, lambda: api.default_session().close())


def test_an_unknown_keyword_of_a_module_function_is_a_type_error(io_loop):
    """A typo is no keyword."""
    with pytest.raises(TypeError):
        run(io_loop, lambda: waterspout.get("http://127.0.0.1/", tiemout=1))


def test_head_does_not_follow_redirects(io_loop, serve):
    """As in requests, unless asked; get() does."""
    server = serve(answering(response(status=302, headers=[("Location", "/")])))
    assert run(io_loop, lambda: waterspout.head(server.url())).status_code == 302
    with pytest.raises(waterspout.TooManyRedirects):
        run(io_loop, lambda: waterspout.get(server.url()))
    run(io_loop, lambda: api.default_session().close())


def test_connections_are_kept_and_cookies_are_not(io_loop, server):
    """Calls of one IOLoop share their session; a cookie of one caller is none of another's."""
    for _ in range(3):
        run(io_loop, lambda: waterspout.get(server.url()))
    assert server.accepted == 1
    assert all("cookie" not in dict(each.headers) for each in server.received)
    run(io_loop, lambda: api.default_session().close())


def test_a_closed_default_session_is_replaced(io_loop, server):
    """close() lets go of the connections; the next call makes others."""

    def close():
        sessions.append(waterspout.default_session())
        return sessions[-1].close()

    sessions = []
    for _ in range(2):
        run(io_loop, lambda: waterspout.get(server.url()))
        run(io_loop, close)
    assert server.accepted == 2 and sessions[0] is not sessions[1]


def test_each_loop_has_a_default_session_that_ends_with_it(server):
    """A loop that is closed and forgotten is not kept by us, nor are its connections."""
    gone = []
    for _ in range(2):
        with new_io_loop() as io_loop:
            run(io_loop, lambda: waterspout.get(server.url()))
            gone.append(weakref.ref(io_loop))
            gone.append(weakref.ref(run(io_loop, current_session)))
        del io_loop
    gc.collect()
    assert server.accepted == 2
    assert [each() for each in gone] == [None] * 4


def test_the_default_session_of_a_closed_loop_is_closed_by_the_next(server):
    """Even where the closed loop is still referenced."""
    kept = []
    for _ in range(2):
        with new_io_loop() as io_loop:
            run(io_loop, lambda: waterspout.get(server.url()))
            kept.append((io_loop, run(io_loop, current_session)))
    (_, first), (_, second) = kept
    assert first._transports == {} and second._transports != {}


def current_session():
    return gen.maybe_future(waterspout.default_session())


def test_a_forked_child_opens_connections_of_its_own(io_loop, server):
    """The parent's go on working beside it."""
    run(io_loop, lambda: waterspout.get(server.url()))
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with new_io_loop() as own:
                code = 0 if run(own, lambda: waterspout.get(server.url())).ok else 2
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert run(io_loop, lambda: waterspout.get(server.url())).ok
    assert server.accepted == 2
    run(io_loop, lambda: api.default_session().close())
