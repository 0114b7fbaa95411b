"""Compares a part of a request with a recorded one, in which a mask matches anything.

A secret may become known only after it was sent: the whole file is masked when it is written, but
what is sent on replay is compared before a later request tells the secret.
"""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, text_type
from waterspout.testing.cassette._masking.known_secrets import MASK

if TYPE_CHECKING:
    from typing import Any  # noqa: F401

_MASK_BYTES = MASK.encode("ascii")


def same(sent, recorded):
    # type: (Any, Any) -> bool
    """Whether they are equal, but for what a mask in ``recorded`` stands for.

    Args:
        sent, recorded: text, bytes, numbers, and dicts, lists and tuples of these. The order of
            tuples in a list has no meaning: they are pairs of a query or a form.
    """
    if sent == recorded:
        return True
    if isinstance(recorded, (text_type, bytes)):
        return isinstance(sent, type(recorded)) and _matches(sent, recorded)
    if isinstance(recorded, dict):
        return isinstance(sent, dict) and set(sent) == set(recorded) and all(
            same(sent[name], recorded[name]) for name in recorded)
    if isinstance(recorded, (list, tuple)):
        if type(sent) is not type(recorded) or len(sent) != len(recorded):
            return False
        if isinstance(recorded[0], tuple):
            return _same_pairs(sent, recorded)
        return all(map(same, sent, recorded))
    return False


def _matches(sent, recorded):
    mask = MASK if isinstance(recorded, text_type) else _MASK_BYTES
    parts = recorded.split(mask)
    if len(parts) == 1:
        return False  # Equal it is not.
    first, last = parts[0], parts[-1]
    if len(sent) < len(first) + len(last) or not (
            sent.startswith(first) and sent.endswith(last)):
        return False
    at, end = len(first), len(sent) - len(last)
    for part in parts[1:-1]:
        at = sent.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


def _same_pairs(sent, recorded):
    left, masked = list(sent), []
    for pair in recorded:
        if pair in left:
            left.remove(pair)
        else:
            masked.append(pair)
    for pair in masked:
        found = next((each for each in left if same(each, pair)), None)
        if found is None:
            return False
        left.remove(found)
    return True
