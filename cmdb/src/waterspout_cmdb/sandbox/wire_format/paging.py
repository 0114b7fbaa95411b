"""The page of a long list that a caller asks for."""

from __future__ import absolute_import, division, print_function

import collections

from waterspout_cmdb.sandbox.wire_format.body_fields import read_integer

#: The default page size of searches, and that of listing instances and counting values.
PAGE_SIZE = 30
LIST_PAGE_SIZE = 200

MAX_PAGE_SIZE = 3000

#: Keeps the page's offset within SQLite's integers.
MAX_PAGE = 2**31

#: ``offset`` is the number of entries before the page.
Page = collections.namedtuple("Page", "number size offset")


def read_page(body, default_size=PAGE_SIZE):
    # type: (dict, int) -> Page
    """Read ``page`` and ``page_size``. Raises: InvalidArgument."""
    number = read_integer(body, "page", 1, MAX_PAGE)
    size = read_integer(body, "page_size", default_size, MAX_PAGE_SIZE)
    return Page(number, size, (number - 1) * size)


def page_of(page, entries, total):
    # type: (Page, list, int) -> dict
    """Return the answer with one page of a list."""
    return {"list": entries, "total": total, "page": page.number, "page_size": page.size}
