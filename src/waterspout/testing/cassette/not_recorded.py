"""What a cassette says of a request that it has no answer for."""

from __future__ import absolute_import, division, print_function

import difflib
from collections import OrderedDict

from waterspout._compat import TYPE_CHECKING, to_native, to_text
from waterspout.testing.cassette.json_text import dumped
from waterspout.testing.cassette.matching import PARTS

if TYPE_CHECKING:
    from typing import Any, List, Text, Tuple  # noqa: F401

    from waterspout.testing.cassette.matching import Matchers  # noqa: F401
    from waterspout.testing.cassette.messages import RecordedRequest  # noqa: F401

#: Recorded requests that are shown, and lines of each difference.
_NEAREST = 3
_MAX_LINES = 30

#: Of a body that is neither JSON nor a form.
_MAX_CHARACTERS = 300


def complaint(sent, candidates, matchers, path, mode, why):
    # type: (RecordedRequest, List[Tuple[RecordedRequest, int]], Matchers, str, str, str) -> str
    """The text of `NotRecorded`. Everything in it is masked.

    Args:
        candidates: the recorded requests, and how many times each was replayed.
        why (native str): why nothing is recorded.
    """
    lines = ["%s %s: not recorded in %s (mode %r: %s)" % (sent.method, sent.url, path, mode, why)]
    ranked = sorted(
        ((len(different), number, recorded, played, different)
         for number, (recorded, played) in enumerate(candidates)
         for different in [matchers.different(sent, recorded)]), key=lambda each: each[:2])
    if not ranked:
        lines.append("The cassette has no recorded requests.")
    else:
        lines.append("The nearest of %d recorded:" % len(ranked))
    for _, number, recorded, played, different in ranked[:_NEAREST]:
        lines.append("  %d. %s %s" % (number + 1, recorded.method, recorded.url))
        if played and not different:
            lines.append("     matches, and was replayed already; "
                         "allow_playback_repeats=True replays it again")
        for name, said in different:
            lines += ["     " + line for line in _difference(name, said, sent, recorded)]
    return "\n".join(lines)


def _difference(name, said, sent, recorded):
    # type: (str, str, RecordedRequest, RecordedRequest) -> List[str]
    part = PARTS.get(name)
    if part is None:
        return ["%s: %s" % (name, said or "does not match")]
    ours, theirs = part(sent), part(recorded)
    if isinstance(ours, list) and isinstance(theirs, list) and name == "query":
        return ["query: only sent %s; only recorded %s" % (
            _pairs(ours, theirs), _pairs(theirs, ours))]
    if name in ("body", "raw_body", "headers"):
        return [name + ":"] + _diff(_pretty(theirs), _pretty(ours))
    return ["%s: sent %s, recorded %s" % (name, ours, theirs)]


def _pairs(some, others):
    left = list(others)
    only = []
    for pair in some:
        if pair in left:
            left.remove(pair)
        else:
            only.append(u"%s=%s" % pair)
    return to_native(u"&".join(only)) or "nothing"


def _pretty(value):
    # type: (Any) -> Text
    if isinstance(value, bytes):
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            return u"%d bytes that are not text" % len(value)
        return text if len(text) <= _MAX_CHARACTERS else text[:_MAX_CHARACTERS] + u"..."
    try:
        return dumped(_sorted(value), "indent 2")
    except UnicodeError:
        return dumped(_sorted(value), "indent 2 ascii")


def _sorted(value):
    if isinstance(value, dict):
        return OrderedDict(
            (to_text(name, "latin-1"), _sorted(value[name])) for name in sorted(value))
    if isinstance(value, (list, tuple)):
        return [_sorted(each) for each in value]
    return to_text(value, "latin-1") if isinstance(value, bytes) else value


def _diff(theirs, ours):
    # type: (Text, Text) -> List[str]
    lines = list(difflib.unified_diff(
        theirs.splitlines(), ours.splitlines(), "recorded", "sent", lineterm="", n=2))
    if len(lines) > _MAX_LINES:
        lines = lines[:_MAX_LINES] + [u"..."]
    return [to_native(line) for line in lines]
