"""Makes functions that encode like `json.JSONEncoder.encode`, faster for small values.

CPython's `json` makes an encoder in C for each call, which takes as long as to encode some hundred
characters. Here it is made once.
"""

from __future__ import absolute_import, division, print_function

import json
from json import encoder as json_module

from waterspout._compat import PY2, TYPE_CHECKING
from waterspout._compat.recursion import protected

if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Text, Tuple  # noqa: F401

#: A class that `json` does not document; None on PyPy.
_CEncoder = getattr(json_module, "c_make_encoder", None)

#: Shows whether its arguments are still those that are known here.
_SAMPLE = {"a": [1, 0.5, True, None, u"\xe9\n", {}]}


def encoder(ensure_ascii=True, separators=(", ", ": ")):
    # type: (bool, Tuple[str, str]) -> Callable[[Any], Text]
    """Return a function with the results and the errors of ``json.dumps``.

    Args: those of ``json.dumps``. NaN and infinities are refused.
    """
    like = json.JSONEncoder(ensure_ascii=ensure_ascii, allow_nan=False, separators=separators)
    encode_slowly = protected(like.encode)
    containers = {}  # type: Dict[int, Any]
    chunks = _in_c(like, containers)
    if chunks is None:
        return encode_slowly
    join, chunks = "".join, protected(chunks)

    def encode(value):
        # type: (Any) -> Text
        try:
            return join(chunks(value, 0))
        except Exception:
            # Whatever this was, `json` decides: another thread may have encoded the same list.
            containers.clear()
            return encode_slowly(value)

    return encode


def _in_c(like, containers):
    # type: (json.JSONEncoder, Dict[int, Any]) -> Optional[Callable[[Any, int], Any]]
    """Return what ``like.iterencode`` makes and calls; None if it cannot be made here.

    Args:
        containers: gets those that are being encoded, by their ids, to find circular references.
    """
    if _CEncoder is None or (PY2 and not like.ensure_ascii):  # py2: a wrapper would be needed.
        return None
    escape = (json_module.encode_basestring_ascii if like.ensure_ascii
              else json_module.encode_basestring)
    indent = None
    try:
        chunks = _CEncoder(
            containers, like.default, escape, indent, like.key_separator, like.item_separator,
            like.sort_keys, like.skipkeys, like.allow_nan)
        is_known = "".join(chunks(_SAMPLE, 0)) == like.encode(_SAMPLE)
    except Exception:  # Another version of Python wants other arguments.
        return None
    return chunks if is_known else None
