"""BulkError: why an import or export cannot be run, or cannot go on."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.command_line.user_lines import user_lines

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, List, Text, Union  # noqa: F401


class BulkError(Exception):
    """An import or export cannot be run, or cannot go on; rows that were sent stay recorded.

    Args:
        reasons (text, or list of texts): each is one line for the user, and says what to do.
    Attributes:
        reasons (list of native str)
    """

    def __init__(self, reasons):
        # type: (Union[Text, Iterable[Text]]) -> None
        self.reasons = user_lines(reasons)  # type: List[str]
        super(BulkError, self).__init__("\n".join(self.reasons))
