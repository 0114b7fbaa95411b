"""Asks a policy whether an outcome is the upstream's failure."""

from __future__ import absolute_import, division, print_function

import logging

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401

    from waterspout.models.response import Response  # noqa: F401

_log = logging.getLogger("waterspout.policies")


def judged(judge, response, error):
    # type: (Any, Optional[Response], Optional[BaseException]) -> Optional[bool]
    """What ``judge.is_failure(response, error)`` returns; None if it raises, which is logged.

    The function may be the program's, and what the call has taken must be given back all the same.
    """
    try:
        return judge.is_failure(response, error)  # type: ignore[no-any-return]
    except Exception:
        _log.error("is_failure of a policy raised", exc_info=True)
        return None
