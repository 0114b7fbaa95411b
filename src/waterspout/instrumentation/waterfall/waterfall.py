"""waterfall(): where the time of calls went, as text or as an SVG picture."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.instrumentation.waterfall.rows import Row, rows_of
from waterspout.instrumentation.waterfall.svg import as_svg
from waterspout.instrumentation.waterfall.text import as_text

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

#: Columns that names, bars and times need.
MIN_WIDTH = 40

_FORMATS = {"text": as_text, "svg": as_svg}


def waterfall(what, width=72, format="text"):
    # type: (Any, int, str) -> str
    """Show where the time of calls went: one row for each exchange, on one time axis.

    Redirects, answered challenges and retries have a row each; that of a retry begins with the
    pause before it. The letters in a row are phases, those of
    `Trace`. Time that a transport does not know is ``-``.

    Args:
        what: a `waterspout.Response`, with its history; a `CallDone`, `CallFailed` or
            `CallCancelled`, such as an observer gets and a `CallRecorder` keeps; a
            `waterspout.RequestException` with ``times``; or a list of these: several calls. Rows of
            details have the name of their call, the others the path. No row has a query.
        width (int): columns, at least 40.
        format (native str): ``"text"``, lines of ASCII unless a name has other letters; or
            ``"svg"``, a picture to put into a page as it is, without a script, for light and dark.
    Returns: native str. The lines of a text are joined by line feeds.
    Raises: TypeError: ``what`` is none of these; ValueError: ``format`` or ``width``.
    """
    if format not in _FORMATS:
        raise ValueError("format=%r: choose \"text\" or \"svg\"" % (format,))
    if not MIN_WIDTH <= width <= 1000:
        raise ValueError("width=%r must be from %d to 1000" % (width, MIN_WIDTH))
    rows = rows_of(what) or [Row("(no calls)", "-", ())]
    return _FORMATS[format](rows, width)
