"""Why a request was not expected, and why an expected one was not found."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, to_text

if TYPE_CHECKING:
    from typing import List, Optional, Text  # noqa: F401

    from waterspout.testing.mock.expectation import Expectation  # noqa: F401
    from waterspout.testing.mock.request_pattern import RequestPattern  # noqa: F401
    from waterspout.testing.mock.sent_request import SentRequest  # noqa: F401

_LEGEND = u"(- expected, + sent)"

#: How many others are listed.
_MAX_LISTED = 10


def explain_unexpected(sent, expectations, next_in_order):
    # type: (SentRequest, List[Expectation], Optional[List[Expectation]]) -> Text
    """The text of an UnexpectedRequest: what differs from the nearest expectation.

    Args:
        next_in_order: those whose turn it is, if the order matters.
    """
    lines = [u"%s was not expected." % to_text(str(sent))]
    if not expectations:
        return lines[0] + u" Nothing is."
    matching = [each for each in expectations if not each.pattern.differences(sent)]
    if next_in_order is not None:
        turn = [each for each in next_in_order if each.takes_more]
        if turn:
            lines.append(u"In this order the next is %s."
                         % u" or ".join(to_text(str(each.pattern)) for each in turn))
        else:
            lines.append(u"All calls of the order were made before.")
        if matching:
            return _joined(lines, expectations)
        expectations = turn or expectations
    elif matching:
        lines.append(u"All calls like it were made before: %s."
                     % u"; ".join(to_text(each.state()) for each in matching))
        return u"\n".join(lines)
    nearest = min(expectations, key=lambda each: each.pattern.distance(sent))
    lines.append(u"The nearest of %d expected, %s, differs %s:"
                 % (len(expectations), to_text(str(nearest.pattern)), _LEGEND))
    for part in nearest.pattern.differences(sent):
        lines += part
    return _joined(lines, [each for each in expectations if each is not nearest])


def explain_unsent(pattern, times, found, sent):
    # type: (RequestPattern, Optional[int], List[SentRequest], List[SentRequest]) -> Text
    """The text of a failed ``assert_sent``."""
    wanted = u"at least once" if times is None else u"%d times" % times
    lines = [u"%s: wanted %s, was sent %d times."
             % (to_text(str(pattern)), wanted, len(found))]
    if not sent:
        return lines[0] + u" Nothing was sent."
    if not found:
        nearest = min(sent, key=pattern.distance)
        lines.append(u"The nearest of %d sent, %s, differs %s:"
                     % (len(sent), to_text(str(nearest)), _LEGEND))
        for part in pattern.differences(nearest):
            lines += part
    lines.append(u"Sent were:")
    return u"\n".join(lines + _listed([str(each) for each in sent]))


def _joined(lines, others):
    if others:
        lines.append(u"Expected too:" if len(lines) > 2 else u"Expected are:")
        lines += _listed([each.state() for each in others])
    return u"\n".join(lines)


def _listed(texts):
    # type: (List[str]) -> List[Text]
    lines = [u"  " + to_text(each) for each in texts[:_MAX_LISTED]]
    if len(texts) > _MAX_LISTED:
        lines.append(u"  and %d more" % (len(texts) - _MAX_LISTED))
    return lines
