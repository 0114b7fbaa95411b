"""The keywords of a draft of JSON Schema."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._validation.keywords import of_arrays, of_objects, of_values
from waterspout.service._validation.keywords.faults import Fault, without_pauses

if TYPE_CHECKING:
    from typing import Any, Dict  # noqa: F401

#: Ours, which replace those of jsonschema in each draft that has them.
_OURS = dict(of_values.KEYWORDS, **of_arrays.KEYWORDS)
_OURS.update(of_objects.KEYWORDS)


def keywords_of(draft):
    # type: (Any) -> Dict[str, Any]
    """Return the keywords of a draft, given as its validator class, that are not as they are there.
    """
    found = {}
    for name, theirs in draft.VALIDATORS.items():
        if name in _OURS:
            found[name] = _OURS[name]
        elif name.startswith("unevaluated"):
            found[name] = without_pauses(theirs)
        elif name == "multipleOf":
            found[name] = _without_overflow(theirs)
    return found


def _without_overflow(keyword):
    # type: (Any) -> Any
    def checked(validator, value, instance, schema):
        try:
            return list(keyword(validator, value, instance, schema) or ())
        except OverflowError:  # An integer of hundreds of digits is no multiple of a float.
            return [Fault(u"must be a multiple of %s" % value)]

    return checked
