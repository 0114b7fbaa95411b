"""Option: one option of a command, and the checks of its values."""

from __future__ import absolute_import, division, print_function

import collections
import os

from waterspout.service import ConfigurationError
from waterspout_cmdb.command_line.user_lines import user_lines

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Iterable, List, Text, Union  # noqa: F401

#: ``allows`` tests a value; ``domain`` describes the values that it accepts, for error messages.
#: ``several``: the value is a list of texts, given by commas, by repeating the flag, or both.
#: ``whole``: these texts are not split at commas: each flag, and the environment, gives one.
#: ``secret``: the value is not shown, and may be in a file that ``NAME_file`` names.
#: ``fixed``: the value cannot change while the command runs.
Option = collections.namedtuple(
    "Option", "name type default metavar help domain allows several secret fixed whole")

#: Options that belong together, under a heading in ``--help``.
OptionGroup = collections.namedtuple("OptionGroup", "heading options")


class BadOption(ConfigurationError):
    """Options have values that cannot be used; ``str()`` has a line for each reason.

    Args:
        reasons (text, or list of texts): each is one line for the user. One that a ``check`` of
            `OptionTable.read` raises names options as ``max_waiting``; it may begin with the one
            that it is about, ``api_keys: the file cannot be read``.
    Attributes:
        reasons (list of native str)
    """

    def __init__(self, reasons):
        # type: (Union[Text, Iterable[Text]]) -> None
        self.reasons = user_lines(reasons)  # type: List[str]
        super(BadOption, self).__init__("\n".join(self.reasons))


def option(name, type, default, metavar, help, check, several=False, secret=False, fixed=False,
           whole=False):
    """Return an `Option`; ``check`` is a pair (domain, allows), such as those below."""
    return Option(
        name, type, default, metavar, help, check[0], check[1], several, secret, fixed, whole)


def between(low, high):
    return "a number from %.15g to %.15g" % (low, high), lambda value: low <= value <= high


def one_of(names):
    # An empty one stands for "not given".
    return "one of " + ", ".join(filter(None, names)), lambda value: value in names


def _can_be_read(path):
    return not path or (os.path.isfile(path) and os.access(path, os.R_OK))


ANY_NUMBER = "a whole number", lambda value: True
ANY_TEXT = "text", lambda value: True
YES_OR_NO = "true or false", lambda value: True

#: Empty is allowed: an option that names a file has no other way to name none.
READABLE_FILE = "a file that exists and can be read", _can_be_read
