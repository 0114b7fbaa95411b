"""Which requests the gateway accepts."""

from __future__ import absolute_import, division, print_function

import re

from tornado.escape import native_str
from tornado.util import basestring_type

import waterspout
from waterspout.service import MAX_BODY_BYTES, normal_origin
from waterspout_cmdb.command_line.option import YES_OR_NO, between, one_of, option

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional, Text  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401


def _are_origins(texts):
    try:
        _normal_origins(texts)
    except ValueError:
        return False
    return True


_ORIGINS = "origins, each scheme://host or scheme://host:port", _are_origins
_FIELD_NAME = "the name of a header field", re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]*\Z").match

OPTIONS = (
    option("max_body_bytes", int, MAX_BODY_BYTES, "BYTES",
           "longer request bodies are refused", between(1, 2 ** 31)),
    option("allowed_origins", basestring_type, [], "ORIGINS",
           "whose web pages may send requests: https://a.example,http://b.example:8080",
           _ORIGINS, several=True),
    option("allow_missing_host", bool, False, "",
           "serve requests of HTTP/1.1 without a Host field, from old clients", YES_OR_NO),
    option("problem_documents", bool, False, "",
           "answer errors with application/problem+json (RFC 9457)", YES_OR_NO),
    option("deadline_header", basestring_type, "", "NAME",
           "the field in which requests say how much time they have; empty is off", _FIELD_NAME),
    option("deadline_unit", basestring_type, "ms", "UNIT",
           "of that field: s, ms or us", one_of(("s", "ms", "us"))),
)  # fmt: skip


def app_keywords(options):
    # type: (OptionParser) -> Dict[str, Any]
    """Return the keywords of `make_app` that these options mean."""
    return {
        "max_body_bytes": options.max_body_bytes,
        "allowed_origins": _normal_origins(options.allowed_origins),
        "allow_missing_host": options.allow_missing_host,
        "problem_documents": options.problem_documents,
        "deadline": _deadline(options),
    }


def _normal_origins(texts):
    # type: (Iterable[Text]) -> List[str]
    return [normal_origin(native_str(text)) for text in texts]


def _deadline(options):
    # type: (OptionParser) -> Optional[waterspout.DeadlineHeader]
    if not options.deadline_header:
        return None
    return waterspout.DeadlineHeader(
        native_str(options.deadline_header), native_str(options.deadline_unit))
