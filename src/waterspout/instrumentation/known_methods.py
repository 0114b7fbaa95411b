"""The methods that metrics and spans name; any other is `OTHER_METHOD`. Clients choose them freely.

Source: ``http.request.method`` in the semantic conventions of OpenTelemetry.
"""

from __future__ import absolute_import, division, print_function

import os

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import FrozenSet  # noqa: F401

#: RFC 9110 section 9, PATCH (RFC 5789) and QUERY; the conventions name these.
_METHODS = frozenset(
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"])

#: In place of another one.
OTHER_METHOD = "_OTHER"

#: The environment variable that replaces them; the conventions demand it.
_VARIABLE = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS"


def known_methods():
    # type: () -> FrozenSet[str]
    """Those of the environment variable, separated by commas, or else of the conventions."""
    given = os.environ.get(_VARIABLE, "")
    return frozenset(each.strip() for each in given.split(",") if each.strip()) or _METHODS
