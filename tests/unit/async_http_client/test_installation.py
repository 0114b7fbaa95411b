"""`waterspout.install` and what it leaves of the program's configuration."""

from __future__ import absolute_import, division, print_function

import pytest
from installation_fixtures import on
from tornado.httpclient import AsyncHTTPClient
from tornado.simple_httpclient import SimpleAsyncHTTPClient

import waterspout
from waterspout import PooledHTTPClient
from waterspout._async_http_client.engine import pool_limits

pytestmark = pytest.mark.usefixtures("unconfigured")


class Own(SimpleAsyncHTTPClient):
    """A class that a program has chosen."""


@pytest.fixture
def made(io_loop):
    """The client that the program gets now: not the IOLoop's own, which would stay."""

    def made(**options):
        return on(io_loop, lambda: AsyncHTTPClient(force_instance=True, **options))

    return made


def test_importing_waterspout_changes_no_configuration(made):
    """Only by the call."""
    assert type(made()) is SimpleAsyncHTTPClient


def test_install_makes_ours_the_default_client(install, made):
    """``configure(None)`` means it from then on; so does ``configured_class``."""
    install()
    assert type(made()) is PooledHTTPClient
    AsyncHTTPClient.configure(None, max_clients=7)
    assert (type(made()), made().max_clients) == (PooledHTTPClient, 7)
    assert AsyncHTTPClient.configured_class() is PooledHTTPClient


def test_a_program_that_made_a_client_before_gets_ours_afterwards(install, made):
    """Tornado notes its default at the first client, as if the program had chosen it."""
    AsyncHTTPClient.configure(None, max_clients=7)
    assert type(made()) is SimpleAsyncHTTPClient
    install()
    assert (type(made()), made().max_clients) == (PooledHTTPClient, 7)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("override", [False, True])
def test_another_class_wins_unless_it_is_overridden(install, made, when, override):
    """Whether the program chooses it before or after; its options are passed on."""
    if when == "before":
        AsyncHTTPClient.configure(Own, max_clients=7)
    install(override=override)
    if when == "after":
        AsyncHTTPClient.configure(Own, max_clients=7)
    client = made()
    assert (type(client), client.max_clients) == (PooledHTTPClient if override else Own, 7)
    AsyncHTTPClient.configure(None)
    assert type(made()) is PooledHTTPClient


def test_tornados_client_can_be_chosen_afterwards(install, made):
    """By name, as any other class."""
    install()
    AsyncHTTPClient.configure("tornado.simple_httpclient.SimpleAsyncHTTPClient")
    assert type(made()) is SimpleAsyncHTTPClient


def test_options_hold_until_the_program_has_its_own(install, made):
    """They are added to what was configured before."""
    AsyncHTTPClient.configure(None, max_clients=7, max_body_size=5)
    install(max_clients=100)
    client = made()
    assert (client.max_clients, client._options[-1]) == (100, 5)
    AsyncHTTPClient.configure(None)
    assert made().max_clients == 10


def test_an_unknown_option_of_install_is_refused(made):
    """At once, and nothing is installed."""
    with pytest.raises(TypeError) as caught:
        waterspout.install(max_connections=5)
    assert "max_connections" in str(caught.value)
    assert type(made()) is SimpleAsyncHTTPClient


@pytest.mark.parametrize("chosen", [None, Own, PooledHTTPClient])
@pytest.mark.parametrize("override", [False, True])
@pytest.mark.parametrize("asked", [False, True])
def test_undoing_restores_class_and_options(install, made, chosen, override, asked):
    """Class and options; a second time does nothing."""
    AsyncHTTPClient.configure(chosen, max_clients=7)
    undo = install(override=override, max_clients=100)
    if asked:
        made()
    undo()
    undo()
    client = made()
    assert (type(client), client.max_clients) == (chosen or SimpleAsyncHTTPClient, 7)


@pytest.mark.parametrize("chosen", [None, Own, PooledHTTPClient])
def test_undoing_keeps_what_the_program_configured_later(install, made, chosen):
    """Only what ``None`` means is Tornado's client again."""
    undo = install(max_clients=100)
    AsyncHTTPClient.configure(chosen, max_clients=7)
    made()
    undo()
    client = made()
    assert (type(client), client.max_clients) == (chosen or SimpleAsyncHTTPClient, 7)


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_two_installations_are_undone_in_any_order(install, made, order):
    """It is installed until the last is undone; overriding, until that one is."""
    undo = [install(), install(override=True)]
    AsyncHTTPClient.configure(Own)
    assert type(made()) is PooledHTTPClient
    undo[order[0]]()
    assert type(made()) is (Own if order[0] else PooledHTTPClient)
    undo[order[1]]()
    assert type(made()) is Own


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_undoing_two_installations_restores_the_configuration(install, made, order):
    """Neither the options of the first, which the second began with, nor those of the second."""
    AsyncHTTPClient.configure(None, max_clients=7)
    undo = [install(max_clients=100), install(max_body_size=5)]
    for number in order:
        undo[number]()
    client = made()
    assert (type(client), client.max_clients) == (SimpleAsyncHTTPClient, 7)
    assert AsyncHTTPClient._save_configuration()[1] == {"max_clients": 7}


def test_classes_made_by_name_are_not_replaced(install, io_loop):
    """``SimpleAsyncHTTPClient()`` itself is no question of what is configured."""
    install(override=True)
    client = on(io_loop, lambda: SimpleAsyncHTTPClient(force_instance=True))
    assert type(client) is SimpleAsyncHTTPClient


def test_a_whole_float_is_a_number_of_clients():
    """As for Tornado's clients; settings are often read as floats."""
    assert pool_limits(10.0).max_connections == 10
    with pytest.raises(ValueError):
        pool_limits(10.5)
