"""Which part of a long list a caller wants."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.sandbox.wire_format.body_fields import read_integer

#: Of searches, unless they say otherwise; listing instances and counting values begin with more.
PAGE_SIZE = 30
LIST_PAGE_SIZE = 200

MAX_PAGE_SIZE = 3000

#: Keeps page times page size within SQLite's integers.
MAX_PAGE = 2**31

#: ``offset`` is how many entries come before the page.
Page = collections.namedtuple("Page", "number size offset")


def read_page(body, default_size=PAGE_SIZE):
    # type: (dict, int) -> Page
    """``page`` and ``page_size``. Raises: InvalidArgument."""
    number = read_integer(body, "page", 1, MAX_PAGE)
    size = read_integer(body, "page_size", default_size, MAX_PAGE_SIZE)
    return Page(number, size, (number - 1) * size)


def page_of(page, entries, total):
    # type: (Page, list, int) -> dict
    """The answer that holds one page of a list."""
    return {"list": entries, "total": total, "page": page.number, "page_size": page.size}
