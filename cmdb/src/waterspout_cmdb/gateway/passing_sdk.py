"""PassingSDK: the CMDB's API for a service that passes answers on."""

from __future__ import absolute_import, division, print_function

import re

from waterspout_cmdb.sdk import CMDBSDK

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, Optional  # noqa: F401

    import waterspout  # noqa: F401

#: Bytes of an answer that is kept beside its value, at most.
_LARGEST = 64 * 1024

#: Surrogates in UTF-8, which RFC 3629 section 3 forbids and Python 2 decodes.
_SURROGATE = re.compile(b"\xed[\xa0-\xbf]")

#: RFC 8259 section 2.
_WHITESPACE = b" \t\r\n"


class Answer(dict):
    """An envelope of the CMDB.

    Attributes:
        encoded (bytes or None): the JSON that it was decoded from, if that can be passed on: it is
            short, UTF-8, and holds no number that only Python's JSON has.
    """

    __slots__ = ("encoded",)

    def __init__(self, envelope, encoded):
        # type: (Dict, Optional[bytes]) -> None
        super(Answer, self).__init__(envelope)
        self.encoded = encoded


class PassingSDK(CMDBSDK):
    """A `CMDBSDK` whose methods resolve to an `Answer`.

    Passed on as it came, an answer need not be encoded again, and its numbers and the order of its
    names stay as the CMDB wrote them.
    """

    def decode(self, response):
        # type: (waterspout.Response) -> Answer
        envelope = super(PassingSDK, self).decode(response)
        content = response.content
        return Answer(envelope, content if _can_be_passed_on(content) else None)


def _can_be_passed_on(content):
    # type: (bytes) -> bool
    """Return whether ``content``, which Python has decoded, is JSON in UTF-8 without a BOM.

    If that would take long to find out, it returns False: the value is encoded then.
    """
    if len(content) > _LARGEST or content.lstrip(_WHITESPACE)[:1] != b"{":
        return False
    if content.find(b"\0") >= 0:  # UTF-16 or UTF-32.
        return False
    if content.find(b"NaN") >= 0 or content.find(b"Infinity") >= 0:  # Perhaps as numbers.
        return False
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return len(text) == len(content) or _SURROGATE.search(content) is None
