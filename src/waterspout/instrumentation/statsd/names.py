"""Names and tags in characters that every statsd server keeps."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Dict, Mapping, Optional  # noqa: F401

#: Characters of one part of a name, or of one tag's value, at most.
MAX_LENGTH = 100

_not_of_names = re.compile(r"[^A-Za-z0-9-]+")

#: Those that Datadog does not replace; ``|``, ``,`` and ``#`` would end a tag, a colon its name.
_not_of_tags = re.compile(r"[^A-Za-z0-9_./:{}-]+")


def part(text):
    # type: (Optional[str]) -> str
    """One part of a name, between dots: ``/object/{kind}/_search`` is ``object_kind_search``."""
    return _not_of_names.sub("_", text or "").strip("_")[:MAX_LENGTH] or "none"


def tags(values):
    # type: (Mapping[str, Optional[str]]) -> str
    """The tags of a line, those with a value: ``|#method:GET,status:200``."""
    words = ["%s:%s" % (part(name), _not_of_tags.sub("_", value)[:MAX_LENGTH])
             for name, value in sorted(values.items()) if value]
    return "|#" + ",".join(words) if words else ""
