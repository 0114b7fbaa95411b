"""Attempt: what became of one earlier attempt of a call."""

from __future__ import absolute_import, division, print_function

from collections import namedtuple


class Attempt(namedtuple("Attempt", "method url status_code error seconds waited")):
    """An attempt before the last one, in ``response.retries`` and ``error.retries``.

    Attributes:
        method (native str): of the request.
        url (native str): without userinfo, query and fragment, which may hold secrets.
        status_code (int or None): of the response; None if there was none.
        error (RequestException or None): None if there was a response.
        seconds (float): from the attempt's start to its end.
        waited (float): seconds between its end and the start of the next attempt.
    """

    __slots__ = ()
