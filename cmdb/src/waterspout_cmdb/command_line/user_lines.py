"""The reasons of an error as lines for the user."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, List, Text, Union  # noqa: F401


def user_lines(reasons):
    # type: (Union[Text, Iterable[Text]]) -> List[str]
    """Return one line of native text for each reason: for the text, or each text of a list."""
    if not isinstance(reasons, (list, tuple)):
        reasons = [reasons]  # type: ignore[list-item]
    return [" ".join(native_str(each).split()) for each in reasons]
