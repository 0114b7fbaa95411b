"""Arguments of serve() and serve_sockets(): a mistake is an error before anything is started."""

from __future__ import absolute_import, division, print_function

import socket

import pytest
import tornado.web

from waterspout import service


def make_app():
    return service.Application([])


def free_port():
    """A port that was free a moment ago."""
    (sock,) = service.listen(0)
    port = service.port_of([sock])
    sock.close()
    return port


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"processes": "2"}, TypeError, "processes must be an int, not '2'"),
        ({"processes": True}, TypeError, "processes must be an int, not True"),
        ({"processes": 1.5}, TypeError, "processes must be an int, not 1.5"),
        ({"processes": -1}, ValueError, "processes must be 0 or more, not -1"),
        ({"drain_timeout": "x"}, TypeError, "drain_timeout must be a number of seconds, not 'x'"),
        ({"drain_timeout": None}, TypeError, "drain_timeout must be a number of seconds, not None"),
        ({"drain_timeout": True}, TypeError, "drain_timeout must be a number of seconds, not True"),
        ({"drain_timeout": -1}, ValueError, "drain_timeout must be 0 or more, not -1"),
        ({"drain_timeout": float("nan")}, ValueError, "drain_timeout must be 0 or more, not nan"),
        ({"drain_grace": "x"}, TypeError, "drain_grace must be a number of seconds, not 'x'"),
        ({"drain_grace": -0.5}, ValueError, "drain_grace must be 0 or more, not -0.5"),
        ({"reload": make_app()}, TypeError,
         "reload must be a function, not <Application in_flight=0 draining=False>"),
        ({"pidfile": 5}, TypeError, "pidfile must be a path, not 5"),
        ({"pidfile": ""}, ValueError, "pidfile must be a path, not ''"),
        ({"release_command": "service"}, TypeError,
         "release_command must be a list of str, not 'service'"),
        ({"release_command": ["service", 1]}, TypeError,
         "release_command must be a list of str, not ['service', 1]"),
        ({"release_command": []}, ValueError,
         "release_command must be a program and its arguments, not []"),
        ({"release_command": ["a", "b\0"]}, ValueError,
         "release_command must be a program and its arguments, not ['a', 'b\\x00']"),
        ({"on_ready": "x"}, TypeError, "on_ready must be a function, not 'x'"),
        ({"on_sigchld": 1}, TypeError, "on_sigchld must be a function, not 1"),
        ({"on_worker_exit": 1}, TypeError, "on_worker_exit must be a function, not 1"),
        ({"http_server": "nginx"}, ValueError,
         "http_server must be \"waterspout\" or \"tornado\", not 'nginx'"),
        ({"http_server": None}, ValueError,
         "http_server must be \"waterspout\" or \"tornado\", not None"),
        ({"make_app": None}, TypeError,
         "make_app must be a function that returns a waterspout.service.Application, not None"),
    ],
)  # fmt: skip
def test_wrong_argument_is_named(arguments, error, message):
    """With its value. The port is not bound."""
    arguments = dict({"make_app": make_app}, **arguments)
    port = free_port()
    with pytest.raises(error) as caught:
        service.serve(port=port, **arguments)
    assert str(caught.value) == message
    with pytest.raises(socket.error):
        socket.create_connection(("127.0.0.1", port))
    with pytest.raises(error) as caught:
        service.serve_sockets(sockets=[], **arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize("application", [make_app(), tornado.web.Application([])])
def test_an_application_is_not_a_function_that_makes_one(application):
    """It belongs to one process, so each process makes its own."""
    with pytest.raises(TypeError) as caught:
        service.serve(application, 0)
    assert str(caught.value).startswith("make_app must be a function that returns a ")


@pytest.mark.parametrize("made", [None, tornado.web.Application([])])
def test_make_app_must_return_an_application(made):
    """A forgotten `return` ends the program with an error; it does not answer each request so."""
    with pytest.raises(TypeError) as caught:
        service.serve(lambda: made, 0)
    assert str(caught.value) == (
        "make_app must return a waterspout.service.Application, not %r" % (made,))


@pytest.mark.parametrize(
    "port, address, message",
    [
        ("8000", "127.0.0.1", "port must be an int, not '8000'"),
        (None, "127.0.0.1", "port must be an int, not None"),
        (True, "127.0.0.1", "port must be an int, not True"),
        (0, 5, "address must be a str, not 5"),
        (0, None, "address must be a str, not None"),
    ],
)
def test_wrong_port_or_address_is_named(port, address, message):
    """By listen(), too. None is no address: ``""`` means every interface."""
    for call in (service.listen, lambda *args: service.serve(make_app, *args)):
        with pytest.raises(TypeError) as caught:
            call(port, address)
        assert str(caught.value) == message
